using ControlPlane.Core.Healing;
using ControlPlane.Core.Workloads;
using ControlPlane.Kubernetes.Api;

namespace ControlPlane.Kubernetes;

/// <summary>Tells of healing as a Kubernetes Event on the pod, or on the workload when it is about no pod; best effort.</summary>
internal sealed class HealingEvents(ActuatorOptions options, TimeProvider time)
{
    /// <summary>Records it. Never throws.</summary>
    /// <param name="client">The API.</param>
    /// <param name="spec">The workload.</param>
    /// <param name="decision">What was done.</param>
    /// <param name="pod">The pod; null for the workload.</param>
    public async Task TryRecordAsync(KubernetesClient client, WorkloadSpec spec, HealingDecision decision, Pod? pod)
    {
        using var timeout = new CancellationTokenSource(options.EventTimeout, time);
        try
        {
            await client.CreateAsync(KubernetesResource.Events(spec.Id.Namespace), Make(spec, decision, pod), null, timeout.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is KubernetesException or OperationCanceledException)
        {
            // An event that is not told changes nothing; the decision has its record.
        }
    }

    private Event Make(WorkloadSpec spec, HealingDecision decision, Pod? pod)
    {
        var now = time.GetUtcNow();
        return new Event
        {
            ApiVersion = "v1",
            Kind = "Event",
            Metadata = new ObjectMeta(Name: ScaleEvents.Name(pod?.Metadata.Name ?? spec.Id.Name, decision.Id), Namespace: spec.Id.Namespace),
            InvolvedObject = pod is null
                ? new ObjectReference(spec.ApiVersion, ScaleEvents.KindOf(spec), spec.Id.Namespace, spec.Id.Name)
                : new ObjectReference("v1", "Pod", spec.Id.Namespace, pod.Metadata.Name, pod.Metadata.Uid, pod.Metadata.ResourceVersion),
            Reason = decision.Action switch
            {
                HealingAction.EvictPod => "PodEvicted",
                HealingAction.PreferForRemoval => "PreferredForRemoval",
                _ => "ScaleInHeld",
            },
            Message = ScaleEvents.Shorten($"{decision.Sentence()} [decision {decision.Id}]"),
            Source = new EventSource(KubernetesClientOptions.Product),
            FirstTimestamp = now,
            LastTimestamp = now,
            Count = 1,
            Type = "Warning",
            ReportingComponent = KubernetesClientOptions.Product,
            ReportingInstance = options.Instance,
        };
    }
}
