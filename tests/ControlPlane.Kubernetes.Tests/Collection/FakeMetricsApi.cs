using ControlPlane.Kubernetes.Api;
using ControlPlane.Kubernetes.Tests.Support;

namespace ControlPlane.Kubernetes.Tests.Collection;

/// <summary>A namespace with a Deployment of two pods, their usage and a demand; endpoints fail as told.</summary>
internal sealed class FakeMetricsApi
{
    public static readonly DateTimeOffset MeasuredAt = new(2026, 1, 5, 11, 59, 45, TimeSpan.Zero);

    /// <summary>Status codes by a part of the path; 0: no answer.</summary>
    public Dictionary<string, int> Faults { get; } = [];

    public string? Selector { get; set; } = "app=web";

    public Task<HttpResponseMessage> Answer(Received request, CancellationToken cancellationToken)
    {
        foreach (var (part, code) in Faults)
        {
            if (!request.Path.Contains(part)) continue;
            return code == 0 ? ScriptedHandler.Never(cancellationToken) : Task.FromResult(ScriptedHandler.Fault(code, "Reason", "a sentence"));
        }

        return Watch(request, cancellationToken) ?? Task.FromResult(Handle(request));
    }

    private static Task<HttpResponseMessage>? Watch(Received request, CancellationToken cancellationToken) =>
        request.Query.Contains("watch=true") ? ScriptedHandler.Never(cancellationToken) : null;

    private HttpResponseMessage Handle(Received request) => request.Path switch
    {
        "/apis/apps/v1/namespaces/shop/deployments/web/scale" => ScriptedHandler.Json(new Scale
        {
            Metadata = new ObjectMeta(Name: "web", ResourceVersion: "1"),
            Spec = new ScaleSpec(2),
            Status = new ScaleStatus(2, Selector),
        }),
        "/apis/apps/v1/namespaces/shop/deployments" => ScriptedHandler.Json(List(new Deployment
        {
            Metadata = new ObjectMeta(Name: "web"),
            Spec = new WorkloadObjectSpec(2, new LabelSelector(new Dictionary<string, string> { ["app"] = "web" })),
        })),
        "/api/v1/namespaces/shop/pods" => ScriptedHandler.Json(List(MakePod("web-2", true, "250m"), MakePod("web-1", false, null), MakePod("other-1", true, "1", "other"))
            .Where(p => !request.Query.Contains("labelSelector=app%3Dweb") || p.Metadata.Labels!["app"] == "web")),
        "/apis/metrics.k8s.io/v1beta1/namespaces/shop/pods" => ScriptedHandler.Json(List(Usage("web-2", "100m", "64Mi"), Usage("web-1", "50m", null), Usage("other-1", "1", "1Gi"))),
        "/apis/custom.metrics.k8s.io/v1beta2/namespaces/shop/deployments.apps/web/rps" or
            "/apis/custom.metrics.k8s.io/v1beta2/namespaces/shop/deployments.apps/*/rps" => ScriptedHandler.Json(List(Metric("rps", "1240500m"))),
        "/apis/custom.metrics.k8s.io/v1beta2/namespaces/shop/deployments.apps/web/latency_p95" => ScriptedHandler.Json(List(Metric("latency_p95", "250m"))),
        _ => ScriptedHandler.Fault(404, "NotFound", request.Path),
    };

    private static KubernetesList<T> List<T>(params T[] items) => new() { Metadata = new ListMeta("10"), Items = items };

    private static Pod MakePod(string name, bool isReady, string? cpu, string app = "web") => new()
    {
        Metadata = new ObjectMeta(Name: name, CreationTimestamp: MeasuredAt, Labels: new Dictionary<string, string> { ["app"] = app }),
        Spec = new PodSpec(
            [
                new Container("main", Resources: new ResourceRequirements(cpu is null ? null : new Dictionary<string, Quantity> { ["cpu"] = Quantity.Parse(cpu) })),
                new Container("log", Resources: new ResourceRequirements(new Dictionary<string, Quantity> { ["cpu"] = Quantity.Parse("10m") })),
            ]),
        Status = new PodStatus("Running", [new Condition("Ready", isReady ? "True" : "False", MeasuredAt)], MeasuredAt),
    };

    private static PodMetrics Usage(string pod, string cpu, string? memory)
    {
        var usage = new Dictionary<string, Quantity> { ["cpu"] = Quantity.Parse(cpu) };
        if (memory is not null) usage["memory"] = Quantity.Parse(memory);
        return new PodMetrics { Metadata = new ObjectMeta(Name: pod), Timestamp = MeasuredAt, Window = "15s", Containers = [new ContainerMetrics("main", usage), new ContainerMetrics("log", usage)] };
    }

    private static MetricValue Metric(string name, string value) =>
        new(new ObjectReference("apps/v1", "Deployment", "shop", "web"), new MetricIdentifier(name), MeasuredAt, null, Quantity.Parse(value));
}

internal static class ListFilter
{
    public static KubernetesList<T> Where<T>(this KubernetesList<T> list, Func<T, bool> keep) => list with { Items = [.. list.Items.AsEnumerable().Where(keep)] };
}
