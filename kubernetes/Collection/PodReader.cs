using ControlPlane.Core.Metrics;
using ControlPlane.Kubernetes.Api;
using PodStatus = ControlPlane.Core.Metrics.PodStatus;

namespace ControlPlane.Kubernetes;

/// <summary>Reads what the control plane needs of a pod.</summary>
internal static class PodReader
{
    public static PodStatus Read(Pod pod)
    {
        var ready = pod.Status?.Conditions?.FirstOrDefault(c => c.Type == "Ready");
        return new PodStatus
        {
            Name = pod.Metadata.Name ?? "",
            Phase = pod.Status?.Phase switch
            {
                "Pending" => PodPhase.Pending,
                "Running" => PodPhase.Running,
                "Succeeded" => PodPhase.Succeeded,
                "Failed" => PodPhase.Failed,
                _ => PodPhase.Unknown,
            },
            IsReady = ready is null ? null : ready.Status == "True",
            CreatedAt = pod.Metadata.CreationTimestamp,
            StartedAt = pod.Status?.StartTime,
            ReadyChangedAt = ready?.LastTransitionTime,
            CpuRequestMillicores = Request(pod.Spec, "cpu")?.ToMilli(),
            MemoryRequestBytes = Request(pod.Spec, "memory")?.ToUnits(),
            IsTerminating = pod.Metadata.DeletionTimestamp is not null,
            Node = string.IsNullOrEmpty(pod.Spec?.NodeName) ? null : pod.Spec.NodeName,
            RestartCount = pod.Status?.ContainerStatuses is { Count: > 0 } containers ? containers.Sum(c => c.RestartCount) : null,
            LastTermination = LastTermination(pod.Status?.ContainerStatuses),
        };
    }

    private static string? LastTermination(IReadOnlyList<ContainerStatus>? containers) => containers?
        .Select(c => c.LastState?.Terminated)
        .Where(t => t?.Reason is not null)
        .MaxBy(t => t!.FinishedAt)?.Reason;

    /// <summary>
    /// The pod's own request where it has one, else the sum over its containers and sidecars (init containers that restart always); null
    /// when one of them has none, as the HPA has it.
    /// </summary>
    private static Quantity? Request(PodSpec? spec, string resource)
    {
        if (spec is null) return null;
        if (spec.Resources?.Requests?.TryGetValue(resource, out var own) == true) return own;
        var sum = default(Quantity);
        var containers = (spec.Containers ?? []).Concat((spec.InitContainers ?? []).Where(c => c.RestartPolicy == "Always"));
        var any = false;
        foreach (var container in containers)
        {
            if (container.Resources?.Requests?.TryGetValue(resource, out var request) != true) return null;
            sum += request;
            any = true;
        }

        return any ? sum : null;
    }
}
