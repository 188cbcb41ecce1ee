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

    /// <summary>Reduces one metric over the pods to the sums that <see cref="ReplicaCalculator"/> works from.</summary>
    /// <param name="metric">The metric; <c>cpu</c> has rules of its own for starting pods.</param>
    /// <param name="pods">All pods behind the selector.</param>
    /// <param name="values">At most one value a pod; values of pods that are not listed are left out.</param>
    /// <param name="now">The moment, UTC.</param>
    /// <param name="cpuInitializationPeriod">How long after its start a pod's CPU counts only while it is ready, for a whole window.</param>
    /// <param name="initialReadinessDelay">An unready pod whose last change came sooner after its start has never been ready.</param>
    public static PodMetricSummary Summarize(
        string metric, ImmutableArray<PodStatus> pods, ImmutableArray<PodMetricValue> values, DateTimeOffset now,
        TimeSpan cpuInitializationPeriod, TimeSpan initialReadinessDelay)
    {
        var isCpu = metric == SignalNames.Cpu;
        var lookup = new Lookup(values);
        int ready = 0, missing = 0, unready = 0;
        long usage = 0, readyRequest = 0, missingRequest = 0, unreadyRequest = 0;
        var hasRequests = true;
        foreach (var pod in pods)
        {
            var request = RequestOf(metric, pod);
            hasRequests &= request.HasValue;
            var hasValue = lookup.TryFind(pod.Name, out var value);
            switch (GroupOf(pod, hasValue, value, isCpu, now, cpuInitializationPeriod, initialReadinessDelay))
            {
                case PodGroup.Ready:
                    ready++;
                    usage += value.ValueMilli;
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
            MissingPodRequestsMilli = missing > 1 && hasRequests ? UnequalRequests(metric, pods, values) : [],
            UnreadyPods = unready,
            UnreadyRequestMilli = unreadyRequest,
        };
    }

    private static PodGroup GroupOf(
        PodStatus pod, bool hasValue, PodMetricValue value, bool isCpu, DateTimeOffset now, TimeSpan initialization, TimeSpan readinessDelay)
    {
        if (IsIgnored(pod)) return PodGroup.Ignored;
        if (pod.Phase == PodPhase.Pending) return PodGroup.Unready;
        if (!hasValue) return PodGroup.Missing;
        return isCpu && IsCpuUntelling(pod, value, now, initialization, readinessDelay) ? PodGroup.Unready : PodGroup.Ready;
    }

    private static bool IsIgnored(PodStatus pod) => pod.IsTerminating || pod.Phase is PodPhase.Failed or PodPhase.Succeeded;

    private static bool IsCpuUntelling(PodStatus pod, PodMetricValue value, DateTimeOffset now, TimeSpan initialization, TimeSpan readinessDelay)
    {
        if (pod.IsReady is not { } isReady || pod.StartedAt is not { } started) return true;
        var changed = pod.ReadyChangedAt ?? DateTimeOffset.MinValue;
        // While it may still initialise: only a ready pod, and only a value whose window began after it became ready.
        if (started + initialization > now) return !isReady || value.Timestamp < changed + value.Window;
        // Later: an unready pod counts, unless it has never been ready.
        return !isReady && started + readinessDelay > changed;
    }

    /// <summary>The missing pods' requests one by one, unless they are all equal.</summary>
    private static ImmutableArray<long> UnequalRequests(string metric, ImmutableArray<PodStatus> pods, ImmutableArray<PodMetricValue> values)
    {
        var lookup = new Lookup(values);
        var requests = ImmutableArray.CreateBuilder<long>();
        var isUnequal = false;
        foreach (var pod in pods)
        {
            var hasValue = lookup.TryFind(pod.Name, out _);
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

    /// <summary>Finds values by pod; sources list both in the same order, so the next one is tried first.</summary>
    private ref struct Lookup(ImmutableArray<PodMetricValue> values)
    {
        private readonly ReadOnlySpan<PodMetricValue> _values = values.AsSpan();
        private Dictionary<string, int>? _index;
        private int _next;

        public bool TryFind(string pod, out PodMetricValue value)
        {
            if (_next < _values.Length && _values[_next].Pod == pod)
            {
                value = _values[_next++];
                return true;
            }
            if (!Index().TryGetValue(pod, out var found))
            {
                value = default;
                return false;
            }
            value = _values[found];
            _next = found + 1;
            return true;
        }

        private Dictionary<string, int> Index()
        {
            if (_index is not null) return _index;
            _index = new Dictionary<string, int>(_values.Length, StringComparer.Ordinal);
            for (var i = 0; i < _values.Length; i++) _index[_values[i].Pod] = i;
            return _index;
        }
    }
}
