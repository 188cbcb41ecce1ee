using ControlPlane.Simulation.Randomness;
using ControlPlane.Simulation.Services;

namespace ControlPlane.Simulation.Faults;

/// <summary>One entry of the fault library: how a fault is drawn from a seed.</summary>
/// <param name="Name">What it is called, stable.</param>
/// <param name="IsCommon">Whether its cause is common to all pods, so that nothing may be done to them.</param>
/// <param name="Draw">Draws the fault; its time is the start that it is given.</param>
public sealed record FaultScenario(string Name, bool IsCommon, Func<SeededRandom, DateTimeOffset, ServiceFault> Draw)
{
    /// <summary>How long faults last that nobody heals: until a person comes.</summary>
    public static readonly (TimeSpan Least, TimeSpan Most) Duration = (TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(30));

    /// <summary>Seconds until a cluster notices that a node is gone (node-monitor-grace-period).</summary>
    private const double NodeGraceSeconds = 40;

    /// <summary>The library.</summary>
    public static IReadOnlyList<FaultScenario> All { get; } =
    [
        new("crash loop", false, (r, t) => Make(r, t, ServiceFaultKind.CrashLoop, Between(r, 3, 20))),
        new("slow pod", false, (r, t) => Make(r, t, ServiceFaultKind.SlowPod, Between(r, 0.15, 0.45)) with { EndsWithRestart = r.NextDouble() < 0.5 }),
        new("memory leak", false, (r, t) => Make(r, t, ServiceFaultKind.MemoryLeak, Between(r, 1 << 19, 1 << 21)) with { EndsWithRestart = false }),
        new("hung pod", false, (r, t) => Make(r, t, ServiceFaultKind.HungPod, 0)),
        new("node loss", false, (r, t) => Make(r, t, ServiceFaultKind.NodeLoss, NodeGraceSeconds)),
        new("slow node", false, (r, t) => Make(r, t, ServiceFaultKind.SlowNode, Between(r, 0.15, 0.45))),
        new("bad release", true, (r, t) => Make(r, t, ServiceFaultKind.BadRelease, Between(r, 0.15, 0.6))),
        new("slow dependency", true, (r, t) => Make(r, t, ServiceFaultKind.SlowDependency, Between(r, 0.6, 2))),
        new("frozen metrics", true, (r, t) => Make(r, t, ServiceFaultKind.FrozenMetrics, r.Next(2))),
        new("clock skew", true, (r, t) => Make(r, t, ServiceFaultKind.ClockSkew, (r.Next(2) == 0 ? -1 : 1) * Between(r, 120, 900))),
    ];

    private static ServiceFault Make(SeededRandom random, DateTimeOffset time, ServiceFaultKind kind, double magnitude) => new()
    {
        Time = time,
        Kind = kind,
        Target = random.Next(1 << 20),
        Duration = TimeSpan.FromSeconds(Math.Floor(Between(random, Duration.Least.TotalSeconds, Duration.Most.TotalSeconds))),
        Magnitude = magnitude,
    };

    private static double Between(SeededRandom random, double low, double high) => low + (high - low) * random.NextDouble();
}
