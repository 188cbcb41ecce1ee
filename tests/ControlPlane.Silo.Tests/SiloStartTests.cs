using System.Net;
using ControlPlane.Client;
using ControlPlane.Silo.Tests.Support;
using ControlPlane.Simulation.Cluster;
using ControlPlane.Simulation.Services;
using ControlPlane.Simulation.Traces;

namespace ControlPlane.Silo.Tests;

public sealed class SiloStartTests
{
    private const string Web = RunningSilo.ClusterName + "/shop/deployment/web";

    [Fact]
    public async Task Start_WithStateInMemory_RegistersAServiceAndDecidesForIt()
    {
        await using var silo = await RunningSilo.StartAsync(Cluster(), RunningSilo.Settings());
        await silo.Client.RegisterAsync(new ServiceRegistration { Id = Web });

        Assert.Equal([Web], await silo.Client.ListAsync());
        await Eventually.HoldsAsync(() => silo.Http.GetAsync("/readyz"), answer => answer.StatusCode == HttpStatusCode.OK);
        await Eventually.HoldsAsync(() => silo.Client.GetDecisionsAsync(Web), decisions => decisions.Count > 0);
    }

    private static SimulatedCluster Cluster()
    {
        var cluster = new SimulatedCluster(RunningSilo.ClusterName, TimeProvider.System.GetUtcNow());
        cluster.AddService("shop", "web", new ServiceProfile(), LoadSeries.Constant(100));
        return cluster;
    }
}
