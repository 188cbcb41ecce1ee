using System.Collections.Immutable;
using ControlPlane.Core.Metrics;

namespace ControlPlane.Core.Scaling.Hpa;

/// <summary>
/// Sorts a workload's pods as Kubernetes' HPA does: terminating and ended pods are left out; pending pods and pods whose CPU is not yet
/// telling are unready; pods without a value are missing; the rest counts.
/// </summary>
public static class PodGrouping
{
    private enum PodGroup
    {
        Ready,
        Missing,
        Unready,
        Ignored,
    }

    /// <summary>Kubernetes' assumption where a source does not tell over which time it measured.</summary>
    public static readonly TimeSpan DefaultWindow = TimeSpan.FromMinutes(1);

    /// <summary>Reduces one metric over the pods to the sums that <see cref="ReplicaCalculator"/> works from.</summary>
    /// <param name="metric">The metric; <c>cpu</c> has rules of its own for starting pods.</param>
    /// <param name="pods">All pods behind the selector.</param>
    /// <param name="samples">
    /// At most one value a pod among samples of any signal; those of other signals, of pods that are not listed and those that are no finite number are left out.
    /// </param>
    /// <param name="now">The moment, UTC.</param>
    /// <param name="cpuInitializationPeriod">How long after its start a pod's CPU counts only while it is ready, for a whole window.</param>
    /// <param name="initialReadinessDelay">An unready pod whose last change came sooner after its start has never been ready.</param>
    /// <param name="window">The time over which a value was measured, up to its timestamp; null: <see cref="DefaultWindow"/>.</param>
    public static PodMetricSummary Summarize(
        string metric, ImmutableArray<PodStatus> pods, ReadOnlySpan<MetricSample> samples, DateTimeOffset now,
        TimeSpan cpuInitializationPeriod, TimeSpan initialReadinessDelay, TimeSpan? window = null)
    {
        var rules = new Rules(metric == SignalNames.Cpu, now - cpuInitializationPeriod, initialReadinessDelay, window ?? DefaultWindow);
        var lookup = new Lookup(metric, samples);
        int ready = 0, missing = 0, unready = 0;
        long usage = 0, readyRequest = 0, missingRequest = 0, unreadyRequest = 0;
        var hasRequests = true;
        foreach (var pod in pods)
        {
            var request = RequestOf(metric, pod);
            hasRequests &= request.HasValue;
            var hasValue = lookup.TryFind(pod.Name, out var value, out var measured);
            switch (GroupOf(pod, hasValue, measured, rules))
            {
                case PodGroup.Ready:
                    ready++;
                    usage += value;
                    readyRequest += request ?? 0;
                    break;
                case PodGroup.Missing:
                    missing++;
                    missingRequest += request ?? 0;
                    break;
                case PodGroup.Unready:
                    unready++;
                    unreadyRequest += request ?? 0;
                    break;
            }
        }
        return new PodMetricSummary
        {
            Metric = metric,
            ReadyPods = ready,
            UsageMilli = usage,
            RequestMilli = hasRequests ? readyRequest : null,
            MissingPods = missing,
            MissingRequestMilli = missingRequest,
            MissingPodRequestsMilli = missing > 1 && hasRequests ? UnequalRequests(metric, pods, samples) : [],
            UnreadyPods = unready,
            UnreadyRequestMilli = unreadyRequest,
        };
    }

    private static PodGroup GroupOf(PodStatus pod, bool hasValue, DateTimeOffset measured, in Rules rules)
    {
        if (IsIgnored(pod)) return PodGroup.Ignored;
        if (pod.Phase == PodPhase.Pending) return PodGroup.Unready;
        if (!hasValue) return PodGroup.Missing;
        return rules.IsCpu && IsCpuUntelling(pod, measured, rules) ? PodGroup.Unready : PodGroup.Ready;
    }

    private static bool IsIgnored(PodStatus pod) => pod.IsTerminating || pod.Phase is PodPhase.Failed or PodPhase.Succeeded;

    private static bool IsCpuUntelling(PodStatus pod, DateTimeOffset measured, in Rules rules)
    {
        if (pod.IsReady is not { } isReady || pod.StartedAt is not { } started) return true;
        // While it may still initialise: only a ready pod, and only a value whose window began after it became ready.
        if (started > rules.InitializedBefore) return !isReady || measured < (pod.ReadyChangedAt ?? DateTimeOffset.MinValue) + rules.Window;
        // Later: an unready pod counts, unless it has never been ready.
        return !isReady && started + rules.ReadinessDelay > (pod.ReadyChangedAt ?? DateTimeOffset.MinValue);
    }

    /// <summary>The missing pods' requests one by one, unless they are all equal.</summary>
    private static ImmutableArray<long> UnequalRequests(string metric, ImmutableArray<PodStatus> pods, ReadOnlySpan<MetricSample> samples)
    {
        var lookup = new Lookup(metric, samples);
        var requests = ImmutableArray.CreateBuilder<long>();
        var isUnequal = false;
        foreach (var pod in pods)
        {
            var hasValue = lookup.TryFind(pod.Name, out _, out _);
            if (hasValue || IsIgnored(pod) || pod.Phase == PodPhase.Pending) continue;
            requests.Add(RequestOf(metric, pod) ?? 0);
            isUnequal |= requests[^1] != requests[0];
        }
        return isUnequal ? requests.DrainToImmutable() : [];
    }

    private static long? RequestOf(string metric, PodStatus pod) => metric switch
    {
        SignalNames.Cpu => pod.CpuRequestMillicores,
        SignalNames.Memory => pod.MemoryRequestBytes * 1000,
        _ => null,
    };

    private readonly record struct Rules(bool IsCpu, DateTimeOffset InitializedBefore, TimeSpan ReadinessDelay, TimeSpan Window);

    /// <summary>Finds a metric's values by pod; sources list both in the same order, so the next one is tried first.</summary>
    private ref struct Lookup(string metric, ReadOnlySpan<MetricSample> samples)
    {
        private readonly ReadOnlySpan<MetricSample> _samples = samples;
        private Dictionary<string, int>? _index;
        private int _next;

        public bool TryFind(string pod, out long valueMilli, out DateTimeOffset measured)
        {
            while (_next < _samples.Length && !IsValue(_samples[_next])) _next++;
            if (_next >= _samples.Length || _samples[_next].Pod != pod)
            {
                if (!Index().TryGetValue(pod, out var found))
                {
                    (valueMilli, measured) = (0, default);
                    return false;
                }

                _next = found;
            }

            var sample = _samples[_next++];
            measured = sample.Timestamp;
            return MilliQuantity.TryFrom(sample.Value, out valueMilli);
        }

        private readonly bool IsValue(MetricSample sample) => sample.Signal == metric && sample.Pod is not null && MilliQuantity.Fits(sample.Value);

        private Dictionary<string, int> Index()
        {
            if (_index is not null) return _index;
            _index = new Dictionary<string, int>(StringComparer.Ordinal);
            for (var i = 0; i < _samples.Length; i++)
                if (IsValue(_samples[i])) _index[_samples[i].Pod!] = i;
            return _index;
        }
    }
}
