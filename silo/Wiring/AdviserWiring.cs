using ControlPlane.Core.Forecasting.Models;
using ControlPlane.Core.Learning;
using ControlPlane.Grains.Decisions;

namespace ControlPlane.Silo.Wiring;

/// <summary>Reads adviser files, for the silo and for commands.</summary>
internal static class AdviserWiring
{
    /// <summary>The artifact of a file.</summary>
    /// <exception cref="InvalidDataException">The file holds no adviser that this program can use.</exception>
    public static ModelArtifact Artifact(string path)
    {
        var artifact = ModelArtifact.Load(File.ReadAllBytes(path));
        AdviserModel.Of(artifact);
        return artifact;
    }

    /// <summary>Gives every decision grain the adviser of a file.</summary>
    /// <exception cref="InvalidDataException">The file holds no adviser that this program can use.</exception>
    public static AdviserSource Source(string path) => new(Artifact(path));

    /// <summary>What is wrong with the file; null when nothing is.</summary>
    public static string? Fault(string path)
    {
        try
        {
            Artifact(path);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return e.Message;
        }
    }
}
