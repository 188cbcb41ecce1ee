using ControlPlane.Core.Forecasting.Models;
using ControlPlane.Core.Learning;

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

    /// <summary>Reads the file of a setting; what is wrong with it is in the answer.</summary>
    public static AdviserReading Read(string path)
    {
        try
        {
            return new AdviserReading(path, Artifact(path), null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return new AdviserReading(path, null, e.Message);
        }
    }
}

/// <summary>What reading an adviser's file gave.</summary>
/// <param name="Path">The file.</param>
/// <param name="Artifact">The adviser's artifact; null when something is wrong.</param>
/// <param name="Fault">What is wrong with the file; null when nothing is.</param>
internal sealed record AdviserReading(string Path, ModelArtifact? Artifact, string? Fault);
