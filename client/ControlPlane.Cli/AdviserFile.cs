using ControlPlane.Core.Forecasting.Models;
using ControlPlane.Silo.Wiring;

namespace ControlPlane.Cli;

/// <summary>Reads adviser files for commands.</summary>
internal static class AdviserFile
{
    /// <summary>The artifact of a file.</summary>
    /// <exception cref="CommandException">There is no such file, or it holds no adviser that this program can use; the message says why.</exception>
    public static ModelArtifact Read(FileInfo file)
    {
        if (!file.Exists) throw new CommandException($"there is no adviser file {file}");
        try
        {
            return AdviserWiring.Artifact(file.FullName);
        }
        catch (InvalidDataException e)
        {
            throw new CommandException($"{file}: {e.Message}");
        }
    }
}
