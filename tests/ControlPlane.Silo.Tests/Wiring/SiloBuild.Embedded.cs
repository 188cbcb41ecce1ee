namespace ControlPlane.Silo.Tests;

/// <summary>The engine that these tests were built with.</summary>
internal static class SiloBuild
{
    public const bool IsCluster = false;
}
