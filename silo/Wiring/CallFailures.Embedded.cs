using Orleans.Runtime;

namespace ControlPlane.Silo.Wiring;

/// <summary>Failures of the engine itself.</summary>
internal static class CallFailures
{
    /// <summary>Whether the one silo did not take the call, or went away.</summary>
    public static bool IsUnavailable(Exception e) => e is SiloUnavailableException;
}
