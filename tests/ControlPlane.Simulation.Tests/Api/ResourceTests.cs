using System.Text.Json.Nodes;
using ControlPlane.Simulation.Cluster;
using ControlPlane.Simulation.Services;
using ControlPlane.Simulation.Traces;

namespace ControlPlane.Simulation.Tests.Api;

public sealed class ResourceTests
{
    private const string Mine = """
        {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"mine"},"spec":{"replicas":2,"selector":{"matchLabels":{"app":"mine"}},
        "template":{"metadata":{"labels":{"app":"mine"}},"spec":{"containers":[{"name":"a","image":"x:1","resources":{"requests":{"cpu":"100m"}}}]}}}}
        """;

    [Theory]
    [InlineData("/api", "APIVersions")]
    [InlineData("/apis", "APIGroupList")]
    [InlineData("/api/v1", "APIResourceList")]
    [InlineData("/apis/apps", "APIGroup")]
    [InlineData("/apis/apps/v1", "APIResourceList")]
    [InlineData("/apis/custom.metrics.k8s.io/v1beta2", "APIResourceList")]
    [InlineData("/api/v1/nodes", "NodeList")]
    [InlineData("/api/v1/nodes/node-1", "Node")]
    [InlineData("/api/v1/namespaces/shop", "Namespace")]
    [InlineData("/api/v1/namespaces/shop/pods", "PodList")]
    [InlineData("/apis/apps/v1/deployments", "DeploymentList")]
    [InlineData("/apis/apps/v1/namespaces/shop/deployments/web", "Deployment")]
    [InlineData("/apis/apps/v1/namespaces/shop/deployments/web/scale", "Scale")]
    [InlineData("/apis/apps/v1/namespaces/shop/replicasets", "ReplicaSetList")]
    [InlineData("/apis/apps/v1/namespaces/shop/statefulsets", "StatefulSetList")]
    [InlineData("/apis/metrics.k8s.io/v1beta1/pods", "PodMetricsList")]
    [InlineData("/apis/metrics.k8s.io/v1beta1/nodes", "NodeMetricsList")]
    [InlineData("/apis/custom.metrics.k8s.io/v1beta2/namespaces/shop/deployments.apps/web/latency_p95", "MetricValueList")]
    [InlineData("/apis/events.k8s.io/v1/events", "EventList")]
    [InlineData("/apis/policy/v1/poddisruptionbudgets", "PodDisruptionBudgetList")]
    [InlineData("/apis/autoscaling/v2/horizontalpodautoscalers", "HorizontalPodAutoscalerList")]
    [InlineData("/apis/coordination.k8s.io/v1/leases", "LeaseList")]
    public void Get_KnownPath_GivesItsKind(string path, string kind)
    {
        var client = ApiClient.WithService();
        client.Advance(1);

        Assert.Equal(kind, client.Get(path)["kind"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("GET", "/api/v2/pods", null, 404, "NotFound")]
    [InlineData("GET", "/nothing", null, 404, "NotFound")]
    [InlineData("GET", "/api/v1/namespaces/shop/pods/none", null, 404, "NotFound")]
    [InlineData("GET", "/api/v1/pods?labelSelector=a%20b%20c", null, 400, "BadRequest")]
    [InlineData("GET", "/api/v1/pods?continue=x", null, 400, "BadRequest")]
    [InlineData("GET", "/apis/custom.metrics.k8s.io/v1beta2/namespaces/shop/deployments.apps/web/none", null, 404, "NotFound")]
    [InlineData("POST", "/api/v1/namespaces/shop/pods", "{\"metadata\":{\"name\":\"p\"}}", 403, "Forbidden")]
    [InlineData("POST", "/apis/apps/v1/namespaces/none/deployments", Mine, 404, "NotFound")]
    [InlineData("POST", "/apis/apps/v1/namespaces/shop/deployments", "{", 400, "BadRequest")]
    [InlineData("POST", "/apis/apps/v1/namespaces/shop/deployments", "{\"metadata\":{\"name\":\"x\"},\"spec\":{\"replicas\":1}}", 422, "Invalid")]
    [InlineData("POST", "/apis/apps/v1/namespaces/shop/deployments", "{\"metadata\":{\"name\":\"Big_Name\"}}", 422, "Invalid")]
    [InlineData("PUT", "/apis/apps/v1/namespaces/shop/deployments/web/scale", "{\"metadata\":{\"name\":\"web\"},\"spec\":{\"replicas\":-1}}", 422, "Invalid")]
    [InlineData("PUT", "/apis/apps/v1/namespaces/shop/deployments/web/scale", "{\"metadata\":{\"name\":\"web\"},\"spec\":{\"replicas\":\"5\"}}", 400, "BadRequest")]
    [InlineData("PUT", "/apis/apps/v1/namespaces/shop/deployments/web/scale", "{\"metadata\":{\"name\":\"other\"},\"spec\":{\"replicas\":5}}", 400, "BadRequest")]
    [InlineData("PUT", "/apis/apps/v1/namespaces/shop/deployments/web/scale", "{\"metadata\":{\"resourceVersion\":\"1\"},\"spec\":{\"replicas\":5}}", 409, "Conflict")]
    [InlineData("DELETE", "/apis/apps/v1/namespaces/shop/deployments/none", null, 404, "NotFound")]
    [InlineData("DELETE", "/apis/apps/v1/namespaces/shop/deployments/web", "{\"preconditions\":{\"uid\":\"other\"}}", 409, "Conflict")]
    public void Send_BadRequest_GivesAStatus(string method, string path, string? body, int status, string reason)
    {
        var client = ApiClient.WithService();

        var (code, json) = client.Send(method, path, body);

        Assert.Equal((status, reason, "Status"), (code, json["reason"]!.GetValue<string>(), json["kind"]!.GetValue<string>()));
        Assert.Equal(3, client.Cluster.FindService("shop", "web")!.Replicas);
    }

    [Fact]
    public void Deployment_CreatedAndDeleted_HasPodsInBetween()
    {
        var client = ApiClient.WithService();
        var (created, json) = client.Send("POST", $"{ApiClient.Shop}/deployments", Mine);
        Assert.Equal(201, created);
        Assert.Equal(1, json["metadata"]!["generation"]!.GetValue<int>());
        Assert.Equal(409, client.Send("POST", $"{ApiClient.Shop}/deployments", Mine).Status);
        client.Advance(6);
        Assert.Equal(2, client.Get($"{ApiClient.Shop}/deployments/mine")["status"]!["readyReplicas"]!.GetValue<int>());
        Assert.Equal(200, client.Send("DELETE", $"{ApiClient.Shop}/deployments/mine").Status);
        Assert.Empty(Items(client, "/api/v1/namespaces/shop/pods?labelSelector=app%3Dmine"));
        Assert.Single(Items(client, $"{ApiClient.Shop}/replicasets"));
    }

    [Theory]
    [InlineData("application/merge-patch+json", "{\"spec\":{\"replicas\":6},\"metadata\":{\"labels\":{\"x\":\"y\"}}}")]
    [InlineData("application/strategic-merge-patch+json", "{\"spec\":{\"replicas\":6},\"metadata\":{\"labels\":{\"x\":\"y\"}}}")]
    [InlineData("application/json-patch+json", "[{\"op\":\"test\",\"path\":\"/spec/replicas\",\"value\":3},{\"op\":\"replace\",\"path\":\"/spec/replicas\",\"value\":6},{\"op\":\"add\",\"path\":\"/metadata/labels/x\",\"value\":\"y\"}]")]
    [InlineData("application/apply-patch+yaml", "metadata:\n  labels: {x: y}\nspec:\n  replicas: 6\n")]
    public void Patch_EveryForm_ScalesAndLabels(string contentType, string patch)
    {
        var client = ApiClient.WithService();

        var (status, json) = client.Send("PATCH", $"{ApiClient.Shop}/deployments/web?fieldManager=me", patch, contentType);

        Assert.True(status == 200, json.ToJsonString());
        Assert.Equal(("web", "y"), (json["metadata"]!["labels"]!["app"]!.GetValue<string>(), json["metadata"]!["labels"]!["x"]!.GetValue<string>()));
        Assert.Equal(2, json["metadata"]!["generation"]!.GetValue<int>());
        Assert.Equal(6, client.Cluster.FindService("shop", "web")!.Replicas);
        Assert.Single(json["spec"]!["template"]!["spec"]!["containers"]!.AsArray());
    }

    [Fact]
    public void StrategicMergePatch_Lists_MergeByKeyAndDelete()
    {
        var client = ApiClient.WithService();
        const string Patch = "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"side\",\"image\":\"s\"},{\"name\":\"main\",\"image\":\"new\"}]}}}}";
        client.Send("PATCH", $"{ApiClient.Shop}/deployments/web", Patch, "application/strategic-merge-patch+json");
        var containers = client.Get($"{ApiClient.Shop}/deployments/web")["spec"]!["template"]!["spec"]!["containers"]!.AsArray();
        Assert.Equal(["main:new", "side:s"], containers.Select(c => $"{c!["name"]}:{c["image"]}"));
        Assert.NotNull(containers[0]!["resources"]!["requests"]);

        const string Delete = "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"side\",\"$patch\":\"delete\"}]}}}}";
        var (_, json) = client.Send("PATCH", $"{ApiClient.Shop}/deployments/web", Delete, "application/strategic-merge-patch+json");
        Assert.Single(json["spec"]!["template"]!["spec"]!["containers"]!.AsArray());
    }

    [Theory]
    [InlineData("labelSelector=app%3Dweb", 3)]
    [InlineData("labelSelector=app%20in%20(web,db)", 5)]
    [InlineData("labelSelector=app%20notin%20(web)", 2)]
    [InlineData("labelSelector=app!%3Dweb", 2)]
    [InlineData("labelSelector=pod-template-hash", 3)]
    [InlineData("labelSelector=!pod-template-hash", 2)]
    [InlineData("fieldSelector=metadata.name%3Ddb-0", 1)]
    [InlineData("fieldSelector=status.phase!%3DRunning", 0)]
    [InlineData("fieldSelector=spec.nodeName%3Dnode-1", 1)]
    public void List_Selectors_PickObjects(string query, int count)
    {
        var client = ApiClient.WithService();
        client.Cluster.AddService("shop", "db", new ServiceProfile { InitialReplicas = 2 }, LoadSeries.Constant(1), "StatefulSet");

        Assert.Equal(count, Items(client, $"/api/v1/pods?{query}").Count);
    }

    [Fact]
    public void List_LimitAndContinue_TellEveryObjectOnce()
    {
        var client = ApiClient.WithService(replicas: 7);
        var seen = new List<string>();
        string? token = null;
        do
        {
            var page = client.Get($"/api/v1/pods?limit=3{(token is null ? "" : "&continue=" + Uri.EscapeDataString(token))}");
            seen.AddRange(page["items"]!.AsArray().Select(p => p!["metadata"]!["name"]!.GetValue<string>()));
            token = page["metadata"]!["continue"]?.GetValue<string>();
        }
        while (token is not null);

        Assert.Equal(7, seen.Distinct().Count());
        Assert.Equal(7, seen.Count);
    }

    [Fact]
    public void List_AsTable_PrintsServerColumns()
    {
        var client = ApiClient.WithService();
        client.Advance(8);

        var (_, table) = client.Send("GET", "/api/v1/namespaces/shop/pods", accept: "application/json;as=Table;v=v1;g=meta.k8s.io,application/json");

        Assert.Equal("Table", table["kind"]!.GetValue<string>());
        Assert.Equal(["Name", "Ready", "Status", "Restarts", "Age"], table["columnDefinitions"]!.AsArray().Where(c => c!["priority"]!.GetValue<int>() == 0).Select(c => c!["name"]!.GetValue<string>()));
        Assert.Equal(["1/1", "Running", "0", "62m"], table["rows"]![0]!["cells"]!.AsArray().Skip(1).Take(4).Select(c => c!.GetValue<string>()));
        Assert.Equal("PartialObjectMetadata", table["rows"]![0]!["object"]!["kind"]!.GetValue<string>());
    }

    [Fact]
    public void Lease_TwoHolders_TheSlowerMeetsAConflict()
    {
        var client = new ApiClient();
        const string Leases = "/apis/coordination.k8s.io/v1/namespaces/default/leases";
        client.Send("POST", Leases, "{\"metadata\":{\"name\":\"l\"},\"spec\":{\"holderIdentity\":\"\"}}");
        var read = client.Get($"{Leases}/l");
        string Held(string by)
        {
            var copy = read.DeepClone();
            copy["spec"]!["holderIdentity"] = by;
            return copy.ToJsonString();
        }

        Assert.Equal(200, client.Send("PUT", $"{Leases}/l", Held("a")).Status);
        Assert.Equal(409, client.Send("PUT", $"{Leases}/l", Held("b")).Status);
        Assert.Equal("a", client.Get($"{Leases}/l")["spec"]!["holderIdentity"]!.GetValue<string>());
    }

    [Fact]
    public void Event_WrittenInTheNewForm_ReadsInBoth()
    {
        var client = ApiClient.WithService();
        const string Event = "{\"metadata\":{\"generateName\":\"e-\"},\"regarding\":{\"kind\":\"Deployment\",\"name\":\"web\"},\"note\":\"scaled\",\"reason\":\"Scaled\",\"type\":\"Normal\"}";
        Assert.Equal(201, client.Send("POST", "/apis/events.k8s.io/v1/namespaces/shop/events", Event).Status);

        Assert.Equal("scaled", Items(client, "/api/v1/namespaces/shop/events?fieldSelector=involvedObject.name%3Dweb")[0]!["message"]!.GetValue<string>());
        Assert.Equal("scaled", Items(client, "/apis/events.k8s.io/v1/namespaces/shop/events")[0]!["note"]!.GetValue<string>());
    }

    [Fact]
    public void Cluster_TooSmall_LeavesPodsPendingUntilThereIsRoom()
    {
        var client = ApiClient.WithService(options: new SimulatedClusterOptions { Nodes = 2, NodeCpuMillicores = 1000 });
        client.Cluster.FindService("shop", "web")!.Scale(6);
        client.Advance(6);
        Assert.Equal(4, client.Cluster.FindService("shop", "web")!.ReadyReplicas);
        var pending = Items(client, "/api/v1/pods?fieldSelector=status.phase%3DPending");
        Assert.Equal(2, pending.Count);
        Assert.Equal("Unschedulable", pending[0]!["status"]!["conditions"]![0]!["reason"]!.GetValue<string>());

        client.Cluster.FindService("shop", "web")!.Scale(4);
        client.Advance(6);
        Assert.Equal(4, client.Cluster.FindService("shop", "web")!.ReadyReplicas);
        Assert.Empty(Items(client, "/api/v1/pods?fieldSelector=status.phase%3DPending"));
    }

    [Fact]
    public void NodeLoss_Shows_AndEnds()
    {
        var client = ApiClient.WithService();
        client.Cluster.LoseNode("node-1", client.Cluster.Time + TimeSpan.FromMinutes(10));
        client.Advance(1);
        Assert.Equal(2, client.Cluster.FindService("shop", "web")!.ReadyReplicas);
        Assert.Equal("Unknown", Ready(client));
        client.Advance(50);
        Assert.Equal(3, client.Cluster.FindService("shop", "web")!.ReadyReplicas);
        Assert.Equal("True", Ready(client));

        static string Ready(ApiClient client) =>
            client.Get("/api/v1/nodes/node-1")["status"]!["conditions"]!.AsArray().Single(c => c!["type"]!.GetValue<string>() == "Ready")!["status"]!.GetValue<string>();
    }

    [Fact]
    public void Namespace_Deleted_TakesEverythingWithIt()
    {
        var client = ApiClient.WithService();
        Assert.Equal(200, client.Send("DELETE", "/api/v1/namespaces/shop").Status);
        Assert.Empty(Items(client, "/api/v1/pods"));
        Assert.Empty(Items(client, "/apis/apps/v1/deployments"));
        Assert.Null(client.Cluster.FindService("shop", "web"));
    }

    [Fact]
    public void Run_SameSeed_GivesTheSameBytes()
    {
        Assert.Equal(Run(5), Run(5));
        Assert.NotEqual(Run(5), Run(6));

        static string Run(ulong seed)
        {
            var client = new ApiClient(seed: seed);
            client.Cluster.AddService("shop", "web", new ServiceProfile { Startup = StartupTime.LogNormal(TimeSpan.FromSeconds(40), 0.5) }, LoadSeries.Constant(300));
            client.Cluster.FindService("shop", "web")!.Inject(FaultSchedule.Seeded(seed, ApiClient.Start, TimeSpan.FromHours(2), 50));
            for (var i = 0; i < 240; i++)
            {
                client.Advance(1);
                if (i % 20 == 0) client.Send("PATCH", $"{ApiClient.Shop}/deployments/web/scale", $"{{\"spec\":{{\"replicas\":{3 + i / 20 % 5}}}}}", "application/merge-patch+json");
            }

            return string.Concat(new[] { "/api/v1/pods", "/api/v1/events", "/apis/apps/v1/deployments", "/apis/apps/v1/replicasets" }.Select(p => client.Get(p).ToJsonString()));
        }
    }

    private static JsonArray Items(ApiClient client, string path) => client.Get(path)["items"]!.AsArray();
}
