using System.Net;
using System.Text;
using ControlPlane.Simulation.Api;
using ControlPlane.Simulation.Cluster;
using ControlPlane.Simulation.Hosting;
using ControlPlane.Simulation.Services;
using ControlPlane.Simulation.Tests.Api;
using ControlPlane.Simulation.Traces;

namespace ControlPlane.Simulation.Tests.Hosting;

public sealed class SimulatedClusterHostTests
{
    private static readonly DateTimeOffset Start = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Clock_Advancing_MovesTheClusterAndFeedsWatches()
    {
        var real = new ManualClock();
        var cluster = Cluster();
        await using var host = await SimulatedClusterHost.StartAsync(cluster, 0, new SimulatedClock(Start, 60, real));
        using var http = new HttpClient { BaseAddress = new Uri(host.Url) };
        using var scaled = await http.PatchAsync("/apis/apps/v1/namespaces/shop/deployments/web/scale", new StringContent("{\"spec\":{\"replicas\":4}}", Encoding.UTF8, "application/merge-patch+json"));
        Assert.Equal(HttpStatusCode.OK, scaled.StatusCode);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/namespaces/shop/pods?watch=true&resourceVersion={cluster.ResourceVersion}");
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());

        real.Advance(TimeSpan.FromSeconds(1));

        var line = await reader.ReadLineAsync();
        while (!line!.Contains("\"ready\":true", StringComparison.Ordinal)) line = await reader.ReadLineAsync();
        Assert.Equal(4, cluster.FindService("shop", "web")!.ReadyReplicas);
    }

    [Fact]
    public async Task LostAnswer_OverHttp_BreaksTheConnection()
    {
        var cluster = Cluster();
        await using var host = await SimulatedClusterHost.StartAsync(cluster);
        host.Api.Faults = new ApiFaultPlan();
        host.Api.Faults.Add(r => r.Method == "PATCH", new ApiFault { Kind = ApiFaultKind.LoseAnswer });
        using var http = new HttpClient { BaseAddress = new Uri(host.Url) };
        var body = new StringContent("{\"spec\":{\"replicas\":6}}", Encoding.UTF8, "application/merge-patch+json");

        await Assert.ThrowsAsync<HttpRequestException>(() => http.PatchAsync("/apis/apps/v1/namespaces/shop/deployments/web/scale", body));

        Assert.Equal(6, cluster.FindService("shop", "web")!.Replicas);
    }

    [Fact]
    public async Task Start_PortTaken_ThrowsAndLeavesNothingBehind()
    {
        await using var first = await SimulatedClusterHost.StartAsync(Cluster());
        var port = new Uri(first.Url).Port;

        await Assert.ThrowsAnyAsync<IOException>(() => SimulatedClusterHost.StartAsync(Cluster(), port));
    }

    [Fact]
    public void Kubeconfig_Written_NamesTheServer()
    {
        var folder = Directory.CreateTempSubdirectory("kubeconfig").FullName;
        try
        {
            var path = Kubeconfig.Write(Path.Combine(folder, "new", "config"), "http://127.0.0.1:8001", "demo");
            Assert.Contains("server: \"http://127.0.0.1:8001\"", File.ReadAllText(path), StringComparison.Ordinal);
            Assert.Contains("current-context: \"demo\"", File.ReadAllText(path), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static SimulatedCluster Cluster()
    {
        var cluster = new SimulatedCluster("host", Start);
        cluster.AddService("shop", "web", new ServiceProfile(), LoadSeries.Constant(100));
        return cluster;
    }
}
