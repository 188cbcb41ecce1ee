using System.Text.Json.Nodes;
using ControlPlane.Simulation.Api;

namespace ControlPlane.Simulation.Tests.Api;

public sealed class ScaleAndEvictionTests
{
    private const string Scale = ApiClient.Shop + "/deployments/web/scale";

    [Fact]
    public void Scale_TwoClientsOnOneVersion_ExactlyOneWins()
    {
        var client = ApiClient.WithService();
        var first = client.Get(Scale);
        var second = first.DeepClone();
        first["spec"]!["replicas"] = 5;
        second["spec"]!["replicas"] = 8;

        Assert.Equal(200, client.Send("PUT", Scale, first.ToJsonString()).Status);
        Assert.Equal(409, client.Send("PUT", Scale, second.ToJsonString()).Status);

        Assert.Equal(5, client.Cluster.FindService("shop", "web")!.Replicas);
        Assert.Equal([(3, 5, 200), (5, 5, 409)], client.Cluster.Audit.Select(a => (a.FromReplicas!.Value, a.ToReplicas!.Value, a.StatusCode)));
        Assert.All(client.Cluster.Audit, a => Assert.Equal(("PUT", Scale, "test/1"), (a.Verb, a.Path, a.UserAgent)));
    }

    [Fact]
    public async Task Scale_ManyThreadsOnOneVersion_ExactlyOneWins()
    {
        var client = ApiClient.WithService();
        var version = client.Get(Scale)["metadata"]!["resourceVersion"]!.GetValue<string>();
        var answers = await Task.WhenAll(Enumerable.Range(4, 16).Select(n => Task.Run(() => client.Send(
            "PUT",
            Scale,
            $"{{\"metadata\":{{\"name\":\"web\",\"resourceVersion\":\"{version}\"}},\"spec\":{{\"replicas\":{n}}}}}").Status)));

        Assert.Equal(1, answers.Count(a => a == 200));
        Assert.Equal(15, answers.Count(a => a == 409));
    }

    [Fact]
    public void Scale_WithoutVersion_IsUnconditionalAndRepeatable()
    {
        var client = ApiClient.WithService();
        var before = client.Cluster.ResourceVersion;
        Assert.Equal(200, client.Send("PATCH", Scale, "{\"spec\":{\"replicas\":3}}", "application/merge-patch+json").Status);
        Assert.Equal(before, client.Cluster.ResourceVersion);
        Assert.Equal(200, client.Send("PATCH", Scale, "{\"spec\":{\"replicas\":4}}", "application/merge-patch+json").Status);
        Assert.Equal("app=web", client.Get(Scale)["status"]!["selector"]!.GetValue<string>());
        Assert.Equal(4, client.Get(Scale)["spec"]!["replicas"]!.GetValue<int>());
    }

    [Fact]
    public void Scale_PodsBeginning_RaisesNoReadyPodBeforeTheLeadTime()
    {
        var client = ApiClient.WithService();
        client.Send("PATCH", Scale, "{\"spec\":{\"replicas\":5}}", "application/merge-patch+json");
        client.Advance(2);
        Assert.Equal(3, client.Get($"{ApiClient.Shop}/deployments/web")["status"]!["readyReplicas"]!.GetValue<int>());
        client.Advance(1);
        Assert.Equal(5, client.Get($"{ApiClient.Shop}/deployments/web")["status"]!["readyReplicas"]!.GetValue<int>());
    }

    [Fact]
    public void Eviction_AgainstABudget_IsRefusedUntilThereIsSlack()
    {
        var client = ApiClient.WithService();
        client.Send("POST", "/apis/policy/v1/namespaces/shop/poddisruptionbudgets", "{\"metadata\":{\"name\":\"b\"},\"spec\":{\"minAvailable\":2,\"selector\":{\"matchLabels\":{\"app\":\"web\"}}}}");
        var pods = client.Get("/api/v1/namespaces/shop/pods")["items"]!.AsArray().Select(p => p!["metadata"]!["name"]!.GetValue<string>()).ToArray();

        Assert.Equal(201, Evict(client, pods[0]).Status);
        var (status, refused) = Evict(client, pods[1]);
        Assert.Equal(429, status);
        Assert.Equal("DisruptionBudget", refused["details"]!["causes"]![0]!["reason"]!.GetValue<string>());
        Assert.Equal(0, client.Get("/apis/policy/v1/namespaces/shop/poddisruptionbudgets/b")["status"]!["disruptionsAllowed"]!.GetValue<int>());
        client.Advance(4);
        Assert.Equal(201, Evict(client, pods[1]).Status);
        Assert.Equal(404, Evict(client, pods[0]).Status);
    }

    [Fact]
    public void Pod_Deleted_IsReplacedByANewOne()
    {
        var client = ApiClient.WithService();
        var name = client.Get("/api/v1/namespaces/shop/pods")["items"]![0]!["metadata"]!["name"]!.GetValue<string>();
        Assert.Equal(200, client.Send("DELETE", $"/api/v1/namespaces/shop/pods/{name}").Status);
        var names = client.Get("/api/v1/namespaces/shop/pods")["items"]!.AsArray().Select(p => p!["metadata"]!["name"]!.GetValue<string>()).ToArray();
        Assert.Equal(3, names.Length);
        Assert.DoesNotContain(name, names);
        client.Advance(4);
        Assert.Equal(3, client.Cluster.FindService("shop", "web")!.ReadyReplicas);
    }

    [Fact]
    public void DeletionCost_LowestGoesFirst()
    {
        var client = ApiClient.WithService();
        var names = client.Get("/api/v1/namespaces/shop/pods")["items"]!.AsArray().Select(p => p!["metadata"]!["name"]!.GetValue<string>()).ToArray();
        foreach (var name in names)
        {
            var cost = name == names[1] ? -5 : 5;
            client.Send("PATCH", $"/api/v1/namespaces/shop/pods/{name}", $"{{\"metadata\":{{\"annotations\":{{\"controller.kubernetes.io/pod-deletion-cost\":\"{cost}\"}}}}}}", "application/merge-patch+json");
        }

        client.Cluster.FindService("shop", "web")!.Scale(2);
        Assert.DoesNotContain(names[1], client.Get("/api/v1/namespaces/shop/pods")["items"]!.AsArray().Select(p => p!["metadata"]!["name"]!.GetValue<string>()));
    }

    [Fact]
    public void Faults_FailAndConflict_HaveNoEffect()
    {
        var client = ApiClient.WithService();
        client.Api.Faults = new ApiFaultPlan();
        client.Api.Faults.Add(r => r.Method == "PATCH", new ApiFault { Kind = ApiFaultKind.Fail, StatusCode = 503 });
        client.Api.Faults.Add(r => r.Method == "PATCH", new ApiFault { Kind = ApiFaultKind.Conflict });
        int[] statuses = [Patch(client, 9), Patch(client, 9)];

        Assert.Equal([503, 409], statuses);
        Assert.Equal(3, client.Cluster.FindService("shop", "web")!.Replicas);
        Assert.Equal(200, Patch(client, 9));
        Assert.Equal([503, 409, 200], client.Cluster.Audit.Select(a => a.StatusCode));
    }

    [Fact]
    public void Faults_LostAnswer_TakesEffectAndBreaksOff()
    {
        var client = ApiClient.WithService();
        client.Api.Faults = new ApiFaultPlan();
        client.Api.Faults.Add(r => r.Path.EndsWith("/scale", StringComparison.Ordinal), new ApiFault { Kind = ApiFaultKind.LoseAnswer });

        Assert.Throws<HttpRequestException>(() => Patch(client, 9));
        Assert.Equal(9, client.Cluster.FindService("shop", "web")!.Replicas);
        Assert.Equal((3, 9, 0), client.Cluster.Audit.Select(a => (a.FromReplicas!.Value, a.ToReplicas!.Value, a.StatusCode)).Single());
    }

    [Fact]
    public async Task Faults_Delay_HoldsTheRequestByTheClock()
    {
        var clock = new ManualClock();
        var client = ApiClient.WithService(clock: clock);
        client.Api.Faults = new ApiFaultPlan();
        client.Api.Faults.Add(_ => true, new ApiFault { Kind = ApiFaultKind.Delay, Delay = TimeSpan.FromSeconds(3) });
        var answer = client.Http.GetAsync(Scale);
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.False(answer.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True((await answer).IsSuccessStatusCode);
    }

    [Fact]
    public void Faults_SeededPlan_RepeatsItself()
    {
        Assert.Equal(Run(1), Run(1));
        Assert.NotEqual(Run(1), Run(2));
        Assert.Contains(503, Run(1));

        static List<int> Run(ulong seed)
        {
            var client = ApiClient.WithService();
            client.Api.Faults = new ApiFaultPlan(seed, 0.5);
            var statuses = new List<int>();
            for (var i = 0; i < 60; i++)
            {
                try
                {
                    statuses.Add(Patch(client, 1 + i % 7));
                }
                catch (HttpRequestException)
                {
                    statuses.Add(0);
                }
            }

            return statuses;
        }
    }

    private static int Patch(ApiClient client, int replicas) =>
        client.Send("PATCH", Scale, $"{{\"spec\":{{\"replicas\":{replicas}}}}}", "application/merge-patch+json").Status;

    private static (int Status, JsonNode Json) Evict(ApiClient client, string pod) => client.Send(
        "POST",
        $"/api/v1/namespaces/shop/pods/{pod}/eviction",
        $"{{\"apiVersion\":\"policy/v1\",\"kind\":\"Eviction\",\"metadata\":{{\"name\":\"{pod}\"}}}}");
}
