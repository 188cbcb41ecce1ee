using System.Collections.Immutable;
using ControlPlane.Core.Workloads;

namespace ControlPlane.Core.Anomalies.Health;

/// <summary>What is wrong with a workload and its pods at a step.</summary>
[GenerateSerializer, Immutable, Alias("cp.HealthReport")]
public sealed record HealthReport
{
    /// <summary>Nothing is wrong.</summary>
    public static HealthReport Healthy { get; } = new();

    /// <summary>Pods with a fault, worst first.</summary>
    [Id(0)] public ImmutableArray<PodFault> Faults { get; init; } = [];

    /// <summary>What stands behind a trouble that is not one pod's.</summary>
    [Id(1)] public CommonCause Cause { get; init; }

    /// <summary>The node when the cause is one; else null.</summary>
    [Id(2)] public string? Node { get; init; }

    /// <summary>Steps in a row in which the workload has missed its objective.</summary>
    [Id(3)] public int BreachedSteps { get; init; }

    /// <summary>What the cause rests on, one sentence; empty without one.</summary>
    [Id(4)] public string Evidence { get; init; } = "";

    /// <summary>Whether there is nothing to say.</summary>
    public bool IsHealthy => Faults.IsEmpty && Cause == CommonCause.None && BreachedSteps == 0;

    /// <summary>The pods' and the workload's faults as reports, worst first.</summary>
    /// <param name="workload">The workload.</param>
    /// <param name="time">Time of the step, UTC.</param>
    public ImmutableArray<AnomalyReport> Reports(WorkloadId workload, DateTimeOffset time)
    {
        var pods = Faults.Select(f => new AnomalyReport
        {
            Workload = workload,
            Time = time,
            Pod = f.Pod,
            Kind = Word(f.Kind.ToString()),
            Score = f.Score,
            Threshold = 0,
            Evidence = [f.Evidence],
        });
        if (Cause is CommonCause.None or CommonCause.Overload) return [.. pods];
        var whole = new AnomalyReport { Workload = workload, Time = time, Kind = Word(Cause.ToString()), Score = BreachedSteps, Threshold = 0, Evidence = [Evidence] };
        return [whole, .. pods];
    }

    /// <summary>«CrashLoop» as «crash-loop».</summary>
    private static string Word(string name) => string.Concat(name.Select((c, i) => char.IsUpper(c) && i > 0 ? $"-{char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));
}
