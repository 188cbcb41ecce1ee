using ControlPlane.Core.Workloads;
using ControlPlane.Kubernetes.Api;

namespace ControlPlane.Kubernetes;

/// <summary>
/// A source for large fleets in real time: pods and workloads are watched once per namespace, metrics are listed once per namespace and
/// step and shared by its workloads. Watches start with the first reading of a namespace and end with the cache.
/// </summary>
internal sealed class WorkloadCache(CollectorOptions options, TimeProvider time, Func<double> jitter) : IWorkloadSource, IAsyncDisposable
{
    private static readonly string[] WatchedKinds = ["deployments", "statefulsets", "replicasets"];
    private readonly DirectSource _direct = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly List<Task> _running = [];
    private readonly Dictionary<(string Cluster, string Namespace), PodMirror> _pods = [];
    private readonly Dictionary<(string Cluster, string Namespace, string Plural), NamespaceMirror<Deployment, ScaleView>> _workloads = [];
    private readonly SharedReads<(string Cluster, string Namespace), Dictionary<string, PodMetrics>> _usage = new(options.SharedReadMaxAge, time);
    private readonly SharedReads<(string Cluster, string Namespace, string Resource, string Metric), Dictionary<string, MetricValue>> _metrics =
        new(options.SharedReadMaxAge, time);

    public async Task<ScaleView> ReadScaleAsync(KubernetesClient client, WorkloadSpec spec, CancellationToken cancellationToken)
    {
        if (spec.ApiVersion != "apps/v1" || !WatchedKinds.Contains(spec.Resource))
            return await _direct.ReadScaleAsync(client, spec, cancellationToken).ConfigureAwait(false);
        var mirror = Workloads(client, spec);
        await mirror.EnsureAsync(options, cancellationToken).ConfigureAwait(false);
        return mirror.Find(spec.Id.Name)
            ?? throw new KubernetesException(KubernetesFailure.NotFound, $"{client.Server.Authority}: not found: there is no {spec.Id.Kind} {spec.Id.Name} in namespace {spec.Id.Namespace}");
    }

    public async Task<IReadOnlyList<Core.Metrics.PodStatus>> ReadPodsAsync(
        KubernetesClient client, WorkloadSpec spec, string selector, CancellationToken cancellationToken)
    {
        var mirror = Pods(client, spec);
        await mirror.EnsureAsync(options, cancellationToken).ConfigureAwait(false);
        return mirror.Select(Parse(selector));
    }

    public async Task<IReadOnlyList<PodMetrics>> ReadPodMetricsAsync(
        KubernetesClient client, WorkloadSpec spec, string selector, CancellationToken cancellationToken)
    {
        var ns = spec.Id.Namespace;
        var mirror = Pods(client, spec);
        await mirror.EnsureAsync(options, cancellationToken).ConfigureAwait(false);
        var usage = await _usage.GetAsync((spec.Id.Cluster, ns), token => ListUsageAsync(client, ns, token), cancellationToken).ConfigureAwait(false);
        return [.. mirror.Select(Parse(selector)).Select(p => usage.GetValueOrDefault(p.Name)).OfType<PodMetrics>()];
    }

    public async Task<MetricValue?> ReadMetricAsync(KubernetesClient client, WorkloadSpec spec, string metric, CancellationToken cancellationToken)
    {
        var resource = KubernetesResource.CustomMetric(spec.Id.Namespace, DirectSource.GroupResource(spec), "*", metric);
        var key = (spec.Id.Cluster, spec.Id.Namespace, resource.Plural, metric);
        var values = await _metrics.GetAsync(key, token => ListMetricAsync(client, resource, token), cancellationToken).ConfigureAwait(false);
        return values.GetValueOrDefault(spec.Id.Name);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        Task[] running;
        lock (_gate) running = [.. _running];
        await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private PodMirror Pods(KubernetesClient client, WorkloadSpec spec)
    {
        lock (_gate)
        {
            if (_pods.TryGetValue((spec.Id.Cluster, spec.Id.Namespace), out var mirror)) return mirror;
            mirror = _pods[(spec.Id.Cluster, spec.Id.Namespace)] = new PodMirror(time);
            Start<Pod>(client, KubernetesResource.Pods(spec.Id.Namespace), mirror);
            return mirror;
        }
    }

    /// <summary>Deployments, StatefulSets and ReplicaSets agree in what is read of them.</summary>
    private NamespaceMirror<Deployment, ScaleView> Workloads(KubernetesClient client, WorkloadSpec spec)
    {
        lock (_gate)
        {
            var key = (spec.Id.Cluster, spec.Id.Namespace, spec.Resource);
            if (_workloads.TryGetValue(key, out var mirror)) return mirror;
            mirror = _workloads[key] = new NamespaceMirror<Deployment, ScaleView>(View, time);
            Start(client, KubernetesResource.Apps(spec.Resource, spec.Id.Namespace), mirror);
            return mirror;
        }
    }

    private void Start<T>(KubernetesClient client, KubernetesResource resource, IReflectorSink<T> sink)
        where T : KubernetesObject
    {
        ObjectDisposedException.ThrowIf(_stop.IsCancellationRequested, this);
        _running.Add(new Reflector<T>(client, resource, null, sink, options.Backoff, time, jitter).RunAsync(_stop.Token));
    }

    private static ScaleView View(Deployment workload) =>
        new(workload.Spec?.Replicas ?? 1, workload.Spec?.Selector is { } selector ? LabelMatcher.Format(selector) : null);

    private static LabelMatcher Parse(string selector)
    {
        try
        {
            return LabelMatcher.Parse(selector);
        }
        catch (FormatException e)
        {
            throw new KubernetesException(KubernetesFailure.BadAnswer, $"the scale's selector cannot be used: {e.Message}", e);
        }
    }

    private static async Task<Dictionary<string, PodMetrics>> ListUsageAsync(KubernetesClient client, string ns, CancellationToken cancellationToken)
    {
        var list = await client.ListAsync<PodMetrics>(KubernetesResource.PodMetrics(ns), null, cancellationToken).ConfigureAwait(false);
        return ByName(list.Items, p => p.Metadata.Name);
    }

    private static async Task<Dictionary<string, MetricValue>> ListMetricAsync(
        KubernetesClient client, KubernetesResource resource, CancellationToken cancellationToken)
    {
        var list = await client.GetAsync<KubernetesList<MetricValue>>(resource, cancellationToken).ConfigureAwait(false);
        return ByName(list.Items, v => v.DescribedObject?.Name);
    }

    private static Dictionary<string, TItem> ByName<TItem>(IEnumerable<TItem> items, Func<TItem, string?> name)
    {
        var byName = new Dictionary<string, TItem>(StringComparer.Ordinal);
        foreach (var item in items)
            if (name(item) is { } key) byName[key] = item;
        return byName;
    }
}
