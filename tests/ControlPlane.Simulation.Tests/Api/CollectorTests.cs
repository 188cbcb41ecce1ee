using ControlPlane.Core.Workloads;
using ControlPlane.Kubernetes;
using ControlPlane.Simulation.Api;
using ControlPlane.Simulation.Randomness;
using ControlPlane.Simulation.Services;
using ControlPlane.Simulation.Traces;

namespace ControlPlane.Simulation.Tests.Api;

/// <summary>The real collector over the simulated API sees what the model tells directly: one model, two faces.</summary>
public sealed class CollectorTests
{
    private static readonly WorkloadSpec Spec = new() { Id = WorkloadId.Parse("test/shop/deployment/web"), DemandMetric = "requests_per_second" };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Collect_ThroughFaultsAndScaling_EqualsTheReading(ulong seed)
    {
        var client = new ApiClient(seed: seed);
        var random = new SeededRandom(seed);
        var load = LoadSeries.FromRates(Enumerable.Range(0, 500).Select(i => 400 + 390 * Math.Sin(i / 25.0) + random.NextDouble()));
        var service = client.Cluster.AddService("shop", "web", new ServiceProfile { Startup = StartupTime.LogNormal(TimeSpan.FromSeconds(40), 0.5) }, load);
        service.Inject(FaultSchedule.Seeded(seed, ApiClient.Start, TimeSpan.FromHours(2), 40));
        var clock = new ManualClock();
        using var clients = new Clients(client, clock);
        var collector = new KubernetesCollector(clients, new CollectorOptions { AbsentMetricMaxAge = TimeSpan.Zero }, clock);
        for (var tick = 0; tick < 480; tick++)
        {
            client.Advance(1);
            clock.Advance(ApiClient.Tick);
            var expected = client.Cluster.Read("shop", "web");
            var task = collector.CollectAsync(Spec, CancellationToken.None);
            Assert.True(task.IsCompletedSuccessfully);
            var told = await task;

            Assert.Equal((expected.Time, expected.CurrentReplicas), (told.Time, told.CurrentReplicas));
            Assert.Equal(expected.Pods!.Value.ToArray(), told.Pods!.Value.ToArray());
            var names = expected.Pods.Value.Select(p => p.Name).ToHashSet();
            Assert.Equal(expected.Samples.Where(s => s.Pod is null || names.Contains(s.Pod)), told.Samples);
            if (random.NextDouble() < 0.2) service.Scale(1 + random.Next(25));
        }
    }

    private sealed class Clients(ApiClient client, TimeProvider clock) : IKubernetesClients, IDisposable
    {
        private readonly KubernetesClient _client = new(new SimulatedApiHandler(client.Api, clock), new Uri("http://simulated"), clock);

        public KubernetesClient Get(string cluster) => _client;

        public void Dispose() => _client.Dispose();
    }
}
