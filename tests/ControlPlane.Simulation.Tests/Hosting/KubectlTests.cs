using ControlPlane.Simulation.Cluster;
using ControlPlane.Simulation.Hosting;
using ControlPlane.Simulation.Services;
using ControlPlane.Simulation.Traces;

namespace ControlPlane.Simulation.Tests.Hosting;

/// <summary>The real kubectl works against the simulated cluster.</summary>
public sealed class KubectlTests : IAsyncLifetime
{
    private const string Manifest = """
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: mine, namespace: shop}
        spec:
          replicas: 2
          selector: {matchLabels: {app: mine}}
          template:
            metadata: {labels: {app: mine}}
            spec: {containers: [{name: main, image: "x:1"}]}
        """;

    private readonly SimulatedCluster _cluster = new("kubectl", new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private SimulatedClusterHost _host = null!;
    private Kubectl _kubectl = null!;

    public async Task InitializeAsync()
    {
        _cluster.AddService("shop", "web", new ServiceProfile(), LoadSeries.Constant(100));
        _cluster.AddService("shop", "db", new ServiceProfile { InitialReplicas = 2 }, LoadSeries.Constant(20), "StatefulSet");
        _host = await SimulatedClusterHost.StartAsync(_cluster);
        _kubectl = new Kubectl(_host.Url);
        Advance(4);
    }

    public async Task DisposeAsync()
    {
        _kubectl.Dispose();
        await _host.DisposeAsync();
    }

    [KubectlFact]
    public async Task Get_EveryKind_PrintsWideTables()
    {
        Assert.Contains("simulated://1.0", await _kubectl.RunAsync("get nodes -o wide"), StringComparison.Ordinal);
        Assert.Matches(@"shop\s+db-0\s+1/1\s+Running\s+0\s+61m", await _kubectl.RunAsync("get pods -A -o wide"));
        var workloads = await _kubectl.RunAsync("get deploy,rs,sts -A -o wide");
        Assert.Matches(@"deployment.apps/web\s+3/3\s+3\s+3", workloads);
        Assert.Matches(@"replicaset.apps/web-\w+\s+3\s+3\s+3", workloads);
        Assert.Matches(@"statefulset.apps/db\s+2/2", workloads);
        Assert.Contains("\"replicas\": 3", await _kubectl.RunAsync("get deploy web -n shop -o json"), StringComparison.Ordinal);
    }

    [KubectlFact]
    public async Task Discovery_ApiResourcesAndExplain_Know()
    {
        Assert.Matches(@"horizontalpodautoscalers\s+hpa\s+autoscaling/v2\s+true\s+HorizontalPodAutoscaler", await _kubectl.RunAsync("api-resources"));
        Assert.Contains("Number of desired pods", await _kubectl.RunAsync("explain deployment.spec.replicas"), StringComparison.Ordinal);
        Assert.Contains("Server Version: v1.32", await _kubectl.RunAsync("version"), StringComparison.Ordinal);
    }

    [KubectlFact]
    public async Task Describe_DeploymentPodNode_Tells()
    {
        await _kubectl.RunAsync("scale deploy web -n shop --replicas=5");
        Advance(4);
        var deployment = await _kubectl.RunAsync("describe deploy web -n shop");
        Assert.Contains("5 desired | 5 updated | 5 total | 5 available", deployment, StringComparison.Ordinal);
        Assert.Contains("ScalingReplicaSet", deployment, StringComparison.Ordinal);
        Assert.Contains("Controlled By:  StatefulSet/db", await _kubectl.RunAsync("describe pod db-0 -n shop"), StringComparison.Ordinal);
        Assert.Contains("web-", await _kubectl.RunAsync("describe node node-1"), StringComparison.Ordinal);
        Assert.Contains("Scaled up replica set", await _kubectl.RunAsync("get events -n shop"), StringComparison.Ordinal);
    }

    [KubectlFact]
    public async Task Write_ScaleAnnotateDelete_TakesEffect()
    {
        await _kubectl.RunAsync("scale deploy web -n shop --replicas=5");
        Assert.Equal(5, _cluster.FindService("shop", "web")!.Replicas);
        await _kubectl.RunAsync("annotate deploy web -n shop note=one");
        Assert.Equal("one", await _kubectl.RunAsync("get deploy web -n shop -o jsonpath={.metadata.annotations.note}"));
        Assert.Contains("deleted", await _kubectl.RunAsync("delete pod db-0 -n shop --wait=false"), StringComparison.Ordinal);
        Assert.Matches(@"db-0\s+0/1", await _kubectl.RunAsync("get pods -n shop"));
        Assert.Contains(_cluster.Audit, a => a.UserAgent.StartsWith("kubectl", StringComparison.Ordinal) && a is { FromReplicas: 3, ToReplicas: 5, StatusCode: 200 });
    }

    [KubectlFact]
    public async Task Apply_BothSides_CreatesAndKeeps()
    {
        var file = _kubectl.WriteFile(Manifest);
        Assert.Contains("created", await _kubectl.RunAsync($"apply -f {file}"), StringComparison.Ordinal);
        Assert.Contains("unchanged", await _kubectl.RunAsync($"apply -f {file}"), StringComparison.Ordinal);
        Assert.Contains("serverside-applied", await _kubectl.RunAsync($"apply --server-side --force-conflicts -f {file}"), StringComparison.Ordinal);
        Assert.Equal(2, _cluster.FindService("shop", "mine")!.Replicas);
        await _kubectl.RunAsync($"delete -f {file}");
        Assert.Null(_cluster.FindService("shop", "mine"));
    }

    [KubectlFact]
    public async Task Top_PodsAndNodes_ShowUsage()
    {
        Assert.Matches(@"web-\w+-\w+\s+337m", await _kubectl.RunAsync("top pods -n shop"));
        Assert.Matches(@"node-1\s+437m", await _kubectl.RunAsync("top nodes"));
        Assert.Contains("\"100\"", await _kubectl.RunAsync("get --raw /apis/custom.metrics.k8s.io/v1beta2/namespaces/shop/deployments.apps/web/requests_per_second"), StringComparison.Ordinal);
    }

    [KubectlFact]
    public async Task Drain_Node_MovesItsPods()
    {
        await _kubectl.RunAsync("drain node-1 --ignore-daemonsets");
        Assert.Contains("SchedulingDisabled", await _kubectl.RunAsync("get node node-1"), StringComparison.Ordinal);
        Assert.DoesNotContain("node-1", await _kubectl.RunAsync("get pods -n shop -o wide"), StringComparison.Ordinal);
        await _kubectl.RunAsync("uncordon node-1");
    }

    [KubectlFact]
    public async Task RolloutStatus_Waits_UntilThePodsAreReady()
    {
        _cluster.FindService("shop", "web")!.Scale(5);
        Advance(1);
        using var process = _kubectl.Start("rollout status deploy/web -n shop");
        Assert.Contains("Waiting for deployment", await process.StandardOutput.ReadLineAsync(), StringComparison.Ordinal);
        Advance(4);
        var rest = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        Assert.Contains("successfully rolled out", rest, StringComparison.Ordinal);
    }

    [KubectlFact]
    public async Task GetWatch_NewPods_AppearsLineByLine()
    {
        using var process = _kubectl.Start("get pods -n shop -w");
        try
        {
            for (var i = 0; i < 6; i++) Assert.NotNull(await process.StandardOutput.ReadLineAsync());
            _cluster.FindService("shop", "web")!.Scale(4);
            Advance(4);
            var line = await process.StandardOutput.ReadLineAsync();
            Assert.Matches(@"web-\w+-\w+\s+0/1\s+Pending", line);
            while (line is not null && !line.Contains("1/1", StringComparison.Ordinal)) line = await process.StandardOutput.ReadLineAsync();
            Assert.NotNull(line);
        }
        finally
        {
            process.Kill();
        }
    }

    private void Advance(int ticks) => _cluster.AdvanceTo(_cluster.Time + ticks * TimeSpan.FromSeconds(15));
}
