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
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task Start_WithStateInMemory_RegistersAServiceAndDecidesForIt()
    {
        await using var silo = await RunningSilo.StartAsync(Cluster(), RunningSilo.Settings());
        await silo.Client.RegisterAsync(new ServiceRegistration { Id = Web });

        Assert.Equal([Web], await silo.Client.ListAsync());
        await Eventually(async () => (await silo.Http.GetAsync("/readyz")).StatusCode == HttpStatusCode.OK, "the silo is ready");
        await Eventually(async () => (await silo.Client.GetDecisionsAsync(Web)).Count > 0, "a decision is made");
    }

    private static SimulatedCluster Cluster()
    {
        var cluster = new SimulatedCluster(RunningSilo.ClusterName, TimeProvider.System.GetUtcNow());
        cluster.AddService("shop", "web", new ServiceProfile(), LoadSeries.Constant(100));
        return cluster;
    }

    private static async Task Eventually(Func<Task<bool>> holds, string what)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Patience, $"Never: {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }
}
