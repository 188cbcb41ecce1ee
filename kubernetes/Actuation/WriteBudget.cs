using ControlPlane.Core.Workloads;

namespace ControlPlane.Kubernetes;

/// <summary>One token bucket a workload and one a cluster; a write takes one token of each or none.</summary>
internal sealed class WriteBudget(ActuatorOptions options, TimeProvider time)
{
    private const int PruneAt = 4096;
    private readonly Lock _lock = new();
    private readonly Dictionary<WorkloadId, Bucket> _workloads = [];
    private readonly Dictionary<string, Bucket> _clusters = [];
    private int _pruneAt = PruneAt;

    /// <summary>Takes a token for a write; when there is none, tells how long to wait and for which bucket.</summary>
    public bool TryTake(WorkloadId workload, out TimeSpan wait, out string bucket)
    {
        var (workloadRate, clusterRate) = (options.WorkloadWritesPerMinute / 60, options.ClusterWritesPerSecond);
        lock (_lock)
        {
            var now = time.GetUtcNow();
            var own = Refilled(_workloads.GetValueOrDefault(workload), options.WorkloadBurst, workloadRate, now);
            var shared = Refilled(_clusters.GetValueOrDefault(workload.Cluster), options.ClusterBurst, clusterRate, now);
            var (ownWait, sharedWait) = (WaitFor(own, workloadRate), WaitFor(shared, clusterRate));
            (wait, bucket) = ownWait >= sharedWait ? (ownWait, "workload") : (sharedWait, "cluster");
            if (wait > TimeSpan.Zero) return false;
            Prune(now, workloadRate);
            _workloads[workload] = own with { Tokens = own.Tokens - 1 };
            _clusters[workload.Cluster] = shared with { Tokens = shared.Tokens - 1 };
            return true;
        }
    }

    private static Bucket Refilled(Bucket bucket, int burst, double rate, DateTimeOffset now) => bucket.At == default
        ? new Bucket(burst, now)
        : new Bucket(Math.Min(burst, bucket.Tokens + Math.Max(0, (now - bucket.At).TotalSeconds) * rate), now);

    private static TimeSpan WaitFor(Bucket bucket, double rate) =>
        bucket.Tokens >= 1 ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Ceiling((1 - bucket.Tokens) / rate * 1000));

    /// <summary>A full bucket is as good as none.</summary>
    private void Prune(DateTimeOffset now, double rate)
    {
        if (_workloads.Count < _pruneAt) return;
        foreach (var (id, bucket) in _workloads)
            if (Refilled(bucket, options.WorkloadBurst, rate, now).Tokens >= options.WorkloadBurst) _workloads.Remove(id);
        _pruneAt = Math.Max(PruneAt, _workloads.Count * 2);
    }

    private readonly record struct Bucket(double Tokens, DateTimeOffset At);
}
