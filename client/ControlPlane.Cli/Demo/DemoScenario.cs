using ControlPlane.Core.Policies;
using ControlPlane.Core.Workloads;
using ControlPlane.Simulation.Backtest;
using ControlPlane.Simulation.Services;
using ControlPlane.Simulation.Traces;

namespace ControlPlane.Cli.Demo;

/// <summary>One simulated service of the demo.</summary>
/// <param name="Name">Its name; the deployment's too.</param>
/// <param name="Story">What its traffic is.</param>
/// <param name="Profile">What its pods are like.</param>
/// <param name="Load">Its recorded demand.</param>
/// <param name="Policy">Its policy.</param>
internal sealed record DemoService(string Name, string Story, ServiceProfile Profile, LoadSeries Load, PolicyDocument Policy)
{
    public const string Cluster = "demo";
    public const string Namespace = "shop";

    public WorkloadId Id => new() { Cluster = Cluster, Namespace = Namespace, Kind = "deployment", Name = Name };

    /// <summary>Replicas that the first tick needs: every method starts with them.</summary>
    public int InitialReplicas => BacktestRunner.InitialReplicas(new BacktestOptions { Policy = Policy, Profile = Profile }, Load);
}

/// <summary>The four services of the demo and their recorded traffic.</summary>
internal static class DemoScenario
{
    /// <summary>Simulated time at which the demo starts, a Monday.</summary>
    public static readonly DateTimeOffset Start = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    private static readonly (string Name, string Story, string Trace, TimeSpan Offset, double PeakPods, int StartupSeconds)[] Plans =
    [
        ("tickets", "World Cup 98 site, 10 June: opening match", "worldcup98_week_1min.csv.gz", TimeSpan.Zero, 40, 45),
        ("results", "World Cup 98 site, 13 June: three matches", "worldcup98_week_1min.csv.gz", TimeSpan.FromDays(3), 30, 90),
        ("launch", "NASA site, 13 July 95: Shuttle launch", "nasa_jul95_1min.csv.gz", TimeSpan.FromDays(12), 25, 60),
        ("archive", "NASA site, 5 July 95: a working day", "nasa_jul95_1min.csv.gz", TimeSpan.FromDays(4), 15, 60),
    ];

    /// <summary>Loads the services.</summary>
    /// <param name="tracesFolder">Folder of the sample traces.</param>
    /// <param name="duration">Simulated time to run.</param>
    /// <param name="seed">Seed of the random split of a minute's requests over its steps.</param>
    public static IReadOnlyList<DemoService> Load(string tracesFolder, TimeSpan duration, ulong seed)
    {
        var services = new List<DemoService>();
        foreach (var plan in Plans)
        {
            var trace = TraceReader.Read(Path.Combine(tracesFolder, plan.Trace), new TraceOptions());
            var options = new LoadOptions { Offset = plan.Offset, Duration = duration, Wrap = true, SplitSeed = seed + (ulong)services.Count };
            services.Add(Make(plan.Name, plan.Story, trace, options, plan.PeakPods, TimeSpan.FromSeconds(plan.StartupSeconds)));
        }
        return services;
    }

    /// <summary>A service whose day's peak keeps so many pods busy; its team knows from load tests what a pod serves.</summary>
    private static DemoService Make(string name, string story, Trace trace, LoadOptions options, double peakPods, TimeSpan startup)
    {
        var day = LoadSeries.FromTrace(trace, options with { Duration = TimeSpan.FromDays(1), SplitSeed = null });
        var peak = Enumerable.Range(0, day.Length).Max(tick => day.DemandAt(tick));
        var profile = new ServiceProfile { Startup = StartupTime.Constant(startup) };
        var load = LoadSeries.FromTrace(trace, options with { Scale = peakPods * profile.CapacityPerPod / peak });
        var perReplica = Math.Floor(ServiceSizing.CapacityAtObjective(profile, load.Step));
        var policy = new PolicyDocument
        {
            Mode = PolicyMode.Auto,
            MinReplicas = 2,
            MaxReplicas = 60,
            Objective = new ObjectivePolicy { RequestsPerSecondPerReplica = perReplica },
            Predictive = new PredictivePolicy { LeadTime = startup },
        };
        return new DemoService(name, story, profile, load, policy);
    }
}
