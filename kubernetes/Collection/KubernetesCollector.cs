using System.Collections.Concurrent;
using System.Collections.Immutable;
using ControlPlane.Core.Metrics;
using ControlPlane.Core.Workloads;
using ControlPlane.Kubernetes.Api;
using PodStatus = ControlPlane.Core.Metrics.PodStatus;

namespace ControlPlane.Kubernetes;

/// <summary>Collects from the Kubernetes API: scale, pods, resource metrics and custom metrics.</summary>
public sealed class KubernetesCollector : IWorkloadCollector
{
    private const int MaxAbsentMetrics = 1 << 18;
    private readonly IKubernetesClients _clients;
    private readonly CollectorOptions _options;
    private readonly IWorkloadSource _source;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<(WorkloadId, string), DateTimeOffset> _absent = new();

    /// <summary>Makes a collector that asks the API server for each reading.</summary>
    /// <param name="clients">The API clients.</param>
    /// <param name="options">What to read; null: the defaults.</param>
    /// <param name="time">The clock.</param>
    public KubernetesCollector(IKubernetesClients clients, CollectorOptions? options, TimeProvider time)
        : this(clients, options ?? new CollectorOptions(), new DirectSource(), time)
    {
    }

    internal KubernetesCollector(IKubernetesClients clients, CollectorOptions options, IWorkloadSource source, TimeProvider time) =>
        (_clients, _options, _source, _time) = (clients, options, source, time);

    /// <inheritdoc/>
    public async Task<WorkloadReading> CollectAsync(WorkloadSpec spec, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var problems = new Problems();
        var client = problems.Try("the cluster", () => _clients.Get(spec.Id.Cluster));
        if (client is null) return new WorkloadReading { Time = _time.GetUtcNow(), Problems = problems.ToImmutable() };

        // Each part has problems of its own, so that their order does not depend on who is first.
        var (own, demand) = (new Problems(), new Problems());
        var custom = ReadMetricsAsync(client, spec, demand, cancellationToken);
        var (scale, pods, usage) = await ReadPodsAsync(client, spec, own, cancellationToken).ConfigureAwait(false);
        var values = await custom.ConfigureAwait(false);
        var now = _time.GetUtcNow();
        return new WorkloadReading
        {
            Time = now,
            CurrentReplicas = scale?.Replicas,
            Pods = pods is null ? null : [.. pods],
            Samples = [.. values, .. Samples(usage, pods, now)],
            Problems = [.. own.ToImmutable(), .. demand.ToImmutable()],
        };
    }

    private async Task<(ScaleView? Scale, IReadOnlyList<PodStatus>? Pods, IReadOnlyList<PodMetrics>? Usage)> ReadPodsAsync(
        KubernetesClient client, WorkloadSpec spec, Problems problems, CancellationToken cancellationToken)
    {
        var scale = await problems.TryAsync("replicas", _source.ReadScaleAsync(client, spec, cancellationToken)).ConfigureAwait(false);
        if (scale is null) return default;
        if (string.IsNullOrWhiteSpace(scale.Selector))
        {
            problems.Add("pods", $"the scale of {spec.Id.Kind} {spec.Id.Name} tells no selector, and an empty one would select every pod");
            return (scale, null, null);
        }

        var podMetrics = new Problems();
        var usageTask = podMetrics.TryAsync("pod metrics", _source.ReadPodMetricsAsync(client, spec, scale.Selector, cancellationToken));
        var pods = await problems.TryAsync("pods", _source.ReadPodsAsync(client, spec, scale.Selector, cancellationToken)).ConfigureAwait(false);
        var usage = await usageTask.ConfigureAwait(false);
        problems.AddRange(podMetrics);
        return (scale, pods, usage);
    }

    private async Task<ImmutableArray<MetricSample>> ReadMetricsAsync(
        KubernetesClient client, WorkloadSpec spec, Problems problems, CancellationToken cancellationToken)
    {
        if (spec.DemandMetric is not { } demand) return [];
        var samples = ImmutableArray.CreateBuilder<MetricSample>();
        var value = await problems.TryAsync("demand", _source.ReadMetricAsync(client, spec, demand, cancellationToken)).ConfigureAwait(false);
        if (value is not null) samples.Add(Sample(SignalNames.Demand, value));
        else if (problems.IsEmpty) problems.Add("demand", $"the custom metric {demand} has no value for {spec.Id.Kind} {spec.Id.Name}");
        foreach (var metric in _options.WorkloadMetrics)
        {
            var optional = await ReadOptionalAsync(client, spec, metric, problems, cancellationToken).ConfigureAwait(false);
            if (optional is not null) samples.Add(Sample(metric, optional));
        }

        return samples.ToImmutable();
    }

    private async Task<MetricValue?> ReadOptionalAsync(
        KubernetesClient client, WorkloadSpec spec, string metric, Problems problems, CancellationToken cancellationToken)
    {
        var key = (spec.Id, metric);
        if (_absent.TryGetValue(key, out var since) && _time.GetUtcNow() - since < _options.AbsentMetricMaxAge) return null;
        try
        {
            var found = await _source.ReadMetricAsync(client, spec, metric, cancellationToken).ConfigureAwait(false);
            if (found is not null)
            {
                _absent.TryRemove(key, out _);
                return found;
            }
        }
        catch (KubernetesException e) when (e.Failure != KubernetesFailure.NotFound)
        {
            problems.Add(metric, e.Message);
            return null;
        }
        catch (KubernetesException)
        {
            // Not served: absent without a word.
        }

        if (_absent.Count < MaxAbsentMetrics) _absent[key] = _time.GetUtcNow();
        return null;
    }

    private MetricSample Sample(string signal, MetricValue value) =>
        new() { Signal = signal, Timestamp = value.Timestamp ?? _time.GetUtcNow(), Value = value.Value.ToDouble() };

    /// <summary>CPU and memory of the pods; a pod of which one container is missing has no value, as the HPA has it.</summary>
    private static IEnumerable<MetricSample> Samples(IReadOnlyList<PodMetrics>? usage, IReadOnlyList<PodStatus>? pods, DateTimeOffset now)
    {
        if (usage is null) yield break;
        var known = pods?.Select(p => p.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var pod in usage)
        {
            if (pod.Metadata.Name is not { } name || known?.Contains(name) == false) continue;
            if (Sum(pod, "cpu") is { } cpu)
                yield return new MetricSample { Signal = SignalNames.Cpu, Timestamp = pod.Timestamp ?? now, Value = cpu.ToDouble(), Pod = name };
            if (Sum(pod, "memory") is { } memory)
                yield return new MetricSample { Signal = SignalNames.Memory, Timestamp = pod.Timestamp ?? now, Value = memory.ToDouble(), Pod = name };
        }
    }

    private static Quantity? Sum(PodMetrics pod, string resource)
    {
        var sum = default(Quantity);
        foreach (var container in pod.Containers)
        {
            if (container.Usage?.TryGetValue(resource, out var value) != true) return null;
            sum += value;
        }

        return pod.Containers.Count == 0 ? null : sum;
    }
}
