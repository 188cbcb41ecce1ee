using Orleans.Runtime;

namespace ControlPlane.Silo.Wiring;

/// <summary>Failures of the cluster of silos itself.</summary>
internal static class CallFailures
{
    /// <summary>Whether no silo took the call, or the one that did went away.</summary>
    public static bool IsUnavailable(Exception e) =>
        e is OrleansMessageRejectionException or GatewayTooBusyException or Orleans.Runtime.Messaging.ConnectionFailedException or ClientNotAvailableException;
}
