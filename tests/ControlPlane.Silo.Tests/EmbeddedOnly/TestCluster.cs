using ControlPlane.Simulation.Cluster;
using ControlPlane.Simulation.Hosting;
using ControlPlane.Simulation.Services;
using ControlPlane.Simulation.Traces;

namespace ControlPlane.Silo.Tests.EmbeddedOnly;

/// <summary>A simulated cluster behind HTTP with one busy deployment, and the clock that it shares with the silo.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    public const string Name = "test";
    public const string Space = "shop";
    public const string Service = "cart";
    public const string Id = $"{Name}/{Space}/deployment/{Service}";
    public const string DemandMetric = "requests_per_second";
    public const int InitialReplicas = 6;

    /// <summary>Start of a step.</summary>
    public static readonly DateTimeOffset Start = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    private TestCluster(SimulatedCluster cluster, SimulatedClusterHost host, SimulatedClock clock) => (Cluster, Host, Clock) = (cluster, host, clock);

    public SimulatedCluster Cluster { get; }

    public SimulatedClusterHost Host { get; }

    public SimulatedClock Clock { get; }

    /// <summary>Replicas that the deployment has now.</summary>
    public int Replicas => Cluster.FindService(Space, Service)!.Replicas;

    /// <summary>Writes of replicas that reached the API, oldest first.</summary>
    public IEnumerable<AuditEntry> ScaleWrites => Cluster.Audit.Where(a => a.Path.EndsWith("/scale", StringComparison.Ordinal));

    /// <summary>A cluster whose deployment gets a constant demand.</summary>
    /// <param name="requestsPerSecond">The demand; a pod completes 50.</param>
    /// <param name="speed">Simulated seconds a second.</param>
    public static async Task<TestCluster> StartAsync(double requestsPerSecond, double speed = 60)
    {
        var cluster = new SimulatedCluster(Name, Start);
        var profile = new ServiceProfile { InitialReplicas = InitialReplicas, Startup = StartupTime.Constant(TimeSpan.FromSeconds(20)) };
        cluster.AddService(Space, Service, profile, LoadSeries.Constant(requestsPerSecond));
        var clock = new SimulatedClock(Start, speed);
        return new TestCluster(cluster, await SimulatedClusterHost.StartAsync(cluster, port: 0, clock), clock);
    }

    public ValueTask DisposeAsync() => Host.DisposeAsync();
}
