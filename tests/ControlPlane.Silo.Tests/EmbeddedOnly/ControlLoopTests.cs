using System.Text.Json;
using ControlPlane.Client;
using ControlPlane.Core;
using ControlPlane.Core.Scaling;

namespace ControlPlane.Silo.Tests.EmbeddedOnly;

/// <summary>From registration to a scaled deployment, over HTTP on both sides.</summary>
public sealed class ControlLoopTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Silo_UnderLoad_ScalesAndExplains(bool useCache)
    {
        await using var cluster = await TestCluster.StartAsync(requestsPerSecond: 500);
        await using var silo = await TestSilo.StartAsync(cluster, useCache: useCache);
        await silo.RegisterAsync();

        Assert.Equal([TestCluster.Id], await silo.Client.ListAsync());
        await Eventually.HoldsAsync(() => Task.FromResult(cluster.Replicas), replicas => replicas > TestCluster.InitialReplicas);
        // A machine that stalls for a quarter of a second has stalled for a step of this clock: that step's demand is unknown, not wrong.
        var status = await Eventually.HoldsAsync(silo.StatusAsync, s => s is { ReadyReplicas: > TestCluster.InitialReplicas, Demand: not null });

        Assert.Equal(500, status.Demand.GetValueOrDefault(), 1.0);
        Assert.NotNull(status.DesiredReplicas);
        Assert.False(string.IsNullOrWhiteSpace(status.Reason));
        var decisions = await silo.Client.GetDecisionsAsync(TestCluster.Id, 100);
        Assert.Contains(decisions, d => d.Action == "ScaleUp" && d.Sentence.StartsWith($"scaled {TestCluster.InitialReplicas} → ", StringComparison.Ordinal));
        Assert.Equal(decisions.OrderByDescending(d => d.Time).Select(d => d.Id), decisions.Select(d => d.Id));
    }

    [Fact]
    public async Task Silo_SecondRegistration_ReplacesTheFirst()
    {
        await using var cluster = await TestCluster.StartAsync(requestsPerSecond: 100);
        await using var silo = await TestSilo.StartAsync(cluster);
        await silo.Client.RegisterAsync(new ServiceRegistration { Id = TestCluster.Id });
        var before = await Eventually.HoldsAsync(silo.StatusAsync, s => s.CurrentReplicas is not null);
        Assert.Null(before.Demand);

        await silo.Client.RegisterAsync(new ServiceRegistration { Id = TestCluster.Id, DemandMetric = TestCluster.DemandMetric });

        await Eventually.HoldsAsync(silo.StatusAsync, s => s.Demand == 100);
        Assert.Equal([TestCluster.Id], await silo.Client.ListAsync());
    }

    [Fact]
    public async Task Silo_DecisionRecord_ReplaysBitIdentically()
    {
        await using var cluster = await TestCluster.StartAsync(requestsPerSecond: 500);
        await using var silo = await TestSilo.StartAsync(cluster);
        await silo.RegisterAsync();
        var decisions = await Eventually.HoldsAsync(() => silo.Client.GetDecisionsAsync(TestCluster.Id), d => d.Count >= 3);

        foreach (var decision in decisions)
        {
            var record = JsonSerializer.Deserialize<DecisionRecord>(await silo.Client.GetDecisionRecordAsync(decision.Id), CoreJson.Options)!;
            Assert.Equal(decision.Id, record.Decision.Id);
            Assert.True(record.IsReproducible(), decision.Id);
        }
    }

    [Fact]
    public async Task Silo_PolicyInModeRecommend_DecidesAndWritesNothing()
    {
        await using var cluster = await TestCluster.StartAsync(requestsPerSecond: 500);
        await using var silo = await TestSilo.StartAsync(cluster);
        await silo.RegisterAsync("mode: Recommend\nminReplicas: 2\nmaxReplicas: 30\n");

        await Eventually.HoldsAsync(() => silo.Client.GetDecisionsAsync(TestCluster.Id, 20), d => d.Count(x => x.Action == "ScaleUp") >= 3);

        Assert.Empty(cluster.ScaleWrites);
        Assert.Equal(TestCluster.InitialReplicas, cluster.Replicas);
    }

    [Fact]
    public async Task Silo_AfterUnregister_LeavesTheDeploymentAlone()
    {
        await using var cluster = await TestCluster.StartAsync(requestsPerSecond: 250);
        await using var silo = await TestSilo.StartAsync(cluster);
        await silo.RegisterAsync();
        await Eventually.HoldsAsync(silo.StatusAsync, s => s.DecisionId is not null);

        await silo.Client.UnregisterAsync(TestCluster.Id);
        var writes = cluster.ScaleWrites.Count();
        var later = cluster.Cluster.Time + TimeSpan.FromMinutes(5);
        await Eventually.HoldsAsync(() => Task.FromResult(cluster.Cluster.Time), time => time > later);

        Assert.Empty(await silo.Client.ListAsync());
        Assert.InRange(cluster.ScaleWrites.Count() - writes, 0, 1);
        var e = await Assert.ThrowsAsync<ControlPlaneException>(silo.StatusAsync);
        Assert.Equal($"{TestCluster.Id} is not registered", e.Message);
    }
}
