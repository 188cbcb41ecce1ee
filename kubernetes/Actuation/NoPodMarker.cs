using ControlPlane.Core.Scaling.Removal;
using ControlPlane.Core.Workloads;

namespace ControlPlane.Kubernetes;

/// <summary>For hosts without a cluster whose pods could be marked.</summary>
public sealed class NoPodMarker : IPodMarker
{
    /// <inheritdoc/>
    public Task<bool> MarkAsync(WorkloadSpec spec, int leaving, RemovalHints hints, string reason, CancellationToken cancellationToken) => Task.FromResult(false);
}
