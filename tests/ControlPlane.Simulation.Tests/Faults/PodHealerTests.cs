using ControlPlane.Core.Anomalies.Health;
using ControlPlane.Core.Healing;
using ControlPlane.Core.Scaling;
using ControlPlane.Core.Scaling.Removal;
using ControlPlane.Core.Workloads;
using ControlPlane.Kubernetes;
using ControlPlane.Simulation.Api;
using ControlPlane.Simulation.Tests.Api;

namespace ControlPlane.Simulation.Tests.Faults;

/// <summary>The real healer over the simulated API.</summary>
public sealed class PodHealerTests
{
    private const string Pods = "/api/v1/namespaces/shop/pods";
    private static readonly WorkloadSpec Spec = new() { Id = WorkloadId.Parse("test/shop/deployment/web") };

    [Fact]
    public async Task Apply_Evict_ReplacesThePodAndTellsOfIt()
    {
        var client = ApiClient.WithService(replicas: 4);
        var fault = Fault(client);
        var result = await Apply(client, Decide(HealingAction.EvictPod, fault));
        Assert.Equal((ActuationOutcome.Applied, null), (result.Outcome, result.Error));
        var pods = client.Cluster.Read("shop", "web").Pods!.Value;
        Assert.DoesNotContain(pods, p => p.Name == fault.Pod);
        Assert.Equal(4, pods.Length);
        var told = Assert.Single(client.Get("/api/v1/namespaces/shop/events")["items"]!.AsArray(), e => e!["reason"]!.GetValue<string>() == "PodEvicted")!;
        Assert.Equal(("Pod", fault.Pod), (told["involvedObject"]!["kind"]!.GetValue<string>(), told["involvedObject"]!["name"]!.GetValue<string>()));
        Assert.StartsWith($"evicts {fault.Pod}: ", told["message"]!.GetValue<string>());
        Assert.EndsWith("[decision test/shop/deployment/web@1.1+heal]", told["message"]!.GetValue<string>());
    }

    [Fact]
    public async Task Apply_Twice_TouchesNoSuccessor()
    {
        var client = ApiClient.WithService(replicas: 4);
        var decision = Decide(HealingAction.EvictPod, Fault(client));
        await Apply(client, decision);
        Assert.Equal(ActuationOutcome.Skipped, (await Apply(client, decision)).Outcome);
        var successor = decision with { Fault = decision.Fault! with { Pod = Fault(client).Pod, CreatedAt = ApiClient.Start + TimeSpan.FromDays(3) } };
        var result = await Apply(client, successor);
        Assert.Equal(ActuationOutcome.Skipped, result.Outcome);
        Assert.Contains("another one by now", result.Error);
        Assert.Single(client.Cluster.Audit, a => a.Path.EndsWith("/eviction", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Apply_BudgetRefuses_IsDenied()
    {
        var client = ApiClient.WithService(replicas: 4);
        const string budget = """{"apiVersion":"policy/v1","kind":"PodDisruptionBudget","metadata":{"name":"web","namespace":"shop"},"spec":{"minAvailable":4,"selector":{"matchLabels":{"app":"web"}}}}""";
        Assert.Equal(201, client.Send("POST", "/apis/policy/v1/namespaces/shop/poddisruptionbudgets", budget).Status);
        var fault = Fault(client);
        var result = await Apply(client, Decide(HealingAction.EvictPod, fault));
        Assert.Equal(ActuationOutcome.Denied, result.Outcome);
        Assert.Contains("disruption budget", result.Error);
        Assert.Contains(client.Cluster.Read("shop", "web").Pods!.Value, p => p.Name == fault.Pod);
    }

    [Fact]
    public async Task Apply_Prefer_LetsThePodGoFirst()
    {
        var client = ApiClient.WithService(replicas: 4);
        var fault = Fault(client);
        Assert.Equal(ActuationOutcome.Applied, (await Apply(client, Decide(HealingAction.PreferForRemoval, fault))).Outcome);
        Assert.Equal("-1000", client.Get($"{Pods}/{fault.Pod}")["metadata"]!["annotations"]![RemovalChoice.CostAnnotation]!.GetValue<string>());
        client.Send("PATCH", ApiClient.Shop + "/deployments/web/scale", "{\"spec\":{\"replicas\":3}}", "application/merge-patch+json");
        Assert.DoesNotContain(client.Cluster.Read("shop", "web").Pods!.Value, p => p.Name == fault.Pod);
    }

    [Fact]
    public async Task Apply_Hold_OnlyTellsOfIt()
    {
        var client = ApiClient.WithService(replicas: 4);
        Assert.Equal(ActuationOutcome.Applied, (await Apply(client, Decide(HealingAction.HoldScaleIn, null))).Outcome);
        Assert.Single(client.Get("/api/v1/namespaces/shop/events")["items"]!.AsArray(), e => e!["reason"]!.GetValue<string>() == "ScaleInHeld");
    }

    [Fact]
    public async Task Apply_NotActionable_SendsNothing()
    {
        var client = ApiClient.WithService(replicas: 4);
        Assert.Equal(ActuationOutcome.Skipped, (await Apply(client, Decide(HealingAction.EvictPod, Fault(client)) with { IsActionable = false })).Outcome);
        Assert.Empty(client.Cluster.Audit);
    }

    [Fact]
    public async Task Apply_ServerFailsOnce_IsTriedAgain()
    {
        var client = ApiClient.WithService(replicas: 4);
        client.Api.Faults = new ApiFaultPlan();
        client.Api.Faults.Add(r => r.Path.EndsWith("/eviction", StringComparison.Ordinal), new ApiFault { Kind = ApiFaultKind.Fail, StatusCode = 503 });
        var fault = Fault(client);
        Assert.Equal(ActuationOutcome.Applied, (await Apply(client, Decide(HealingAction.EvictPod, fault))).Outcome);
        Assert.DoesNotContain(client.Cluster.Read("shop", "web").Pods!.Value, p => p.Name == fault.Pod);
    }

    private static async Task<ActuationResult> Apply(ApiClient client, HealingDecision decision)
    {
        using var kubernetes = new KubernetesClient(new SimulatedApiHandler(client.Api), new Uri("http://simulated"), TimeProvider.System);
        var options = new ActuatorOptions { Backoff = new Backoff { Initial = TimeSpan.Zero } };
        return await new PodHealer(new OneClient(kubernetes), options, TimeProvider.System, () => 0).ApplyAsync(Spec, decision, CancellationToken.None);
    }

    private static PodFault Fault(ApiClient client)
    {
        var pod = client.Cluster.Read("shop", "web").Pods!.Value[1];
        return new PodFault { Pod = pod.Name, CreatedAt = pod.CreatedAt, Node = pod.Node, Kind = PodFaultKind.Errors, Since = ApiClient.Start, IsReady = true, Evidence = "it fails" };
    }

    private static HealingDecision Decide(HealingAction action, PodFault? fault) => new()
    {
        Id = $"{Spec.Id}@1.1+heal",
        Workload = Spec.Id,
        Epoch = 1,
        Sequence = 1,
        Time = ApiClient.Start,
        Action = action,
        Reason = HealingReason.PodFault,
        Fault = fault,
        Evidence = fault is null ? [] : [fault.Evidence],
        PolicyVersion = 1,
        IsActionable = true,
    };

    private sealed class OneClient(KubernetesClient client) : IKubernetesClients
    {
        public KubernetesClient Get(string cluster) => client;
    }
}
