using ControlPlane.Core.Metrics;
using ControlPlane.Core.Workloads;

namespace ControlPlane.Kubernetes;

/// <summary>Reads what there is to see of a workload.</summary>
public interface IWorkloadCollector
{
    /// <summary>
    /// Reads replicas, pods and metrics. What cannot be read is null or absent and named in the reading's problems; no failure of the API
    /// is thrown, and a part that fails does not take the others with it.
    /// </summary>
    /// <param name="spec">The workload and its scale target.</param>
    /// <param name="cancellationToken">Gives up; the only thing that is thrown.</param>
    Task<WorkloadReading> CollectAsync(WorkloadSpec spec, CancellationToken cancellationToken);
}
