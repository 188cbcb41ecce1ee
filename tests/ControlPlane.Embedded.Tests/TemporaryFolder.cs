namespace ControlPlane.Embedded.Tests;

/// <summary>A folder that goes with the test.</summary>
public sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("controlplane-tests-").FullName;

    public string Log => System.IO.Path.Combine(Path, "grains.log");

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
