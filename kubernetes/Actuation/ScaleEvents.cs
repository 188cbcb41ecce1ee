using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ControlPlane.Core.Scaling;
using ControlPlane.Core.Workloads;
using ControlPlane.Kubernetes.Api;

namespace ControlPlane.Kubernetes;

/// <summary>Tells of a write as a Kubernetes Event on the workload, best effort.</summary>
internal sealed class ScaleEvents(Func<ScalingDecision, string> sentence, ActuatorOptions options, TimeProvider time)
{
    private const int MaxMessageLength = 1024;
    private const int MaxNameLength = 253;

    /// <summary>Records it; true when the server took it (or had it). Never throws.</summary>
    public async Task<bool> TryRecordAsync(KubernetesClient client, WorkloadSpec spec, ScalingDecision decision, Scale scale)
    {
        using var timeout = new CancellationTokenSource(options.EventTimeout, time);
        try
        {
            var body = Make(spec, decision, scale);
            await client.CreateAsync(KubernetesResource.Events(spec.Id.Namespace), body, null, timeout.Token).ConfigureAwait(false);
            return true;
        }
        catch (KubernetesException e)
        {
            return e.Failure == KubernetesFailure.Conflict; // The name comes from the decision: it has been recorded.
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private Event Make(WorkloadSpec spec, ScalingDecision decision, Scale scale)
    {
        var now = time.GetUtcNow();
        var isUp = decision.Action == ScalingAction.ScaleUp;
        return new Event
        {
            ApiVersion = "v1",
            Kind = "Event",
            Metadata = new ObjectMeta(Name: Name(spec.Id.Name, decision.Id), Namespace: spec.Id.Namespace),
            InvolvedObject = new ObjectReference(spec.ApiVersion, KindOf(spec), spec.Id.Namespace, spec.Id.Name, scale.Metadata.Uid, scale.Metadata.ResourceVersion),
            Reason = isUp ? "ScaledUp" : "ScaledDown",
            Message = Shorten($"{sentence(decision)} [decision {decision.Id}]"),
            Source = new EventSource(KubernetesClientOptions.Product),
            FirstTimestamp = now,
            LastTimestamp = now,
            Count = 1,
            Type = "Normal",
            ReportingComponent = KubernetesClientOptions.Product,
            ReportingInstance = options.Instance,
        };
    }

    /// <summary>The same decision gives the same name, so that it is told once.</summary>
    internal static string Name(string workload, string decisionId)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(decisionId)).AsSpan(0, 8));
        var room = MaxNameLength - hash.Length - 1;
        return $"{(workload.Length <= room ? workload : workload[..room].TrimEnd('.', '-'))}.{hash}";
    }

    /// <summary>Kinds are written with capitals; a custom kind's are only guessed, its uid finds it all the same.</summary>
    internal static string KindOf(WorkloadSpec spec) => spec.Id.Kind switch
    {
        "deployment" => "Deployment",
        "statefulset" => "StatefulSet",
        "replicaset" => "ReplicaSet",
        var kind => string.Create(CultureInfo.InvariantCulture, $"{char.ToUpperInvariant(kind[0])}{kind[1..]}"),
    };

    internal static string Shorten(string text) => text.Length <= MaxMessageLength ? text : text[..(MaxMessageLength - 1)] + "…";
}
