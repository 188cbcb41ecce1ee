using System.Globalization;
using ControlPlane.Simulation.Cluster;
using ControlPlane.Simulation.Services;
using ControlPlane.Simulation.Traces;

namespace ControlPlane.Cluster.Tests.Processes;

/// <summary>A simulated cluster whose deployments replay recorded traffic, each from another hour of it, twelve times as fast as it was.</summary>
internal static class FleetTraffic
{
    public const string Cluster = "test";
    public const string Space = "shop";
    public const int Services = 300;

    /// <summary>Every change of the demand is followed up and down, so that there is always something to write.</summary>
    public const string Policy = """
        mode: Auto
        minReplicas: 1
        maxReplicas: 12
        behavior:
          scaleDown:
            stabilizationWindow: 15s
        """;

    private const double PeakRate = 300;
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(5);

    public static IReadOnlyList<string> Names { get; } = [.. Enumerable.Range(0, Services).Select(i => string.Create(CultureInfo.InvariantCulture, $"svc-{i:000}"))];

    public static string Id(string name) => $"{Cluster}/{Space}/deployment/{name}";

    public static SimulatedCluster Create(DateTimeOffset start)
    {
        var cluster = new SimulatedCluster(Cluster, start, options: new SimulatedClusterOptions { Nodes = 60 });
        var trace = TraceReader.Read(Path.Combine(SamplesFolder(), "traces", "worldcup98_week_1min.csv.gz"));
        var minutes = Enumerable.Range(0, trace.Length).Select(i => trace.RequestsPerSecond(i) ?? 0).ToArray();
        var peak = minutes.Max();
        var profile = new ServiceProfile { InitialReplicas = 2, Startup = StartupTime.Constant(TimeSpan.FromSeconds(20)) };
        for (var i = 0; i < Services; i++)
        {
            var from = i * minutes.Length / Services;
            var rates = minutes[from..].Concat(minutes[..from]).Select(rate => rate / peak * PeakRate);
            cluster.AddService(Space, Names[i], profile, LoadSeries.FromRates(rates, Tick, wrap: true));
        }

        return cluster;
    }

    private static string SamplesFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "ControlPlane.sln"))) return Path.Combine(folder.FullName, "samples");
        }

        throw new DirectoryNotFoundException("the samples are not above the tests");
    }
}
