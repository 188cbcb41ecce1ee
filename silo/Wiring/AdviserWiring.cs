using ControlPlane.Core.Forecasting.Models;
using ControlPlane.Core.Learning;
using ControlPlane.Grains.Decisions;

namespace ControlPlane.Silo.Wiring;

/// <summary>Reads the adviser that the settings name.</summary>
internal static class AdviserWiring
{
    /// <summary>The adviser of a file.</summary>
    /// <exception cref="InvalidDataException">The file holds no adviser that this program can use.</exception>
    public static AdviserSource Read(string path)
    {
        var artifact = ModelArtifact.Load(File.ReadAllBytes(path));
        AdviserModel.Of(artifact);
        return new AdviserSource(artifact);
    }

    /// <summary>What is wrong with the file; null when nothing is.</summary>
    public static string? Fault(string path)
    {
        try
        {
            Read(path);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return e.Message;
        }
    }
}
