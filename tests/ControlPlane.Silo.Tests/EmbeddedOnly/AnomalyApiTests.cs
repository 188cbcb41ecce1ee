using System.Net;
using ControlPlane.Client;

namespace ControlPlane.Silo.Tests.EmbeddedOnly;

/// <summary>Anomalies over the API, before there are any.</summary>
public sealed class AnomalyApiTests
{
    [Fact]
    public async Task Get_ServiceWithoutAPast_HasNone()
    {
        await using var silo = await TestSilo.StartFrozenAsync();
        await silo.Client.RegisterAsync(new ServiceRegistration { Id = TestCluster.Id });

        var found = await silo.Client.GetAnomaliesAsync(TestCluster.Id);

        Assert.Equal((0, 0), (found.Anomalies.Count, found.Health.Count));
    }

    [Fact]
    public async Task GetAndLabel_UnknownServiceOrAnomaly_AreNotFound()
    {
        await using var silo = await TestSilo.StartFrozenAsync();
        Task Get() => silo.Client.GetAnomaliesAsync(TestCluster.Id);
        Task Label() => silo.Client.LabelAnomalyAsync(TestCluster.Id, "signals@20260304T050600Z", isReal: false);

        foreach (var call in (Func<Task>[])[Get, Label])
        {
            var e = await Assert.ThrowsAsync<ControlPlaneException>(call);
            Assert.Equal((HttpStatusCode.NotFound, $"{TestCluster.Id} is not registered"), (e.StatusCode, e.Message));
        }

        await silo.Client.RegisterAsync(new ServiceRegistration { Id = TestCluster.Id });
        var unknown = await Assert.ThrowsAsync<ControlPlaneException>(Label);
        Assert.Equal((HttpStatusCode.NotFound, $"{TestCluster.Id} has no anomaly 'signals@20260304T050600Z' that is kept"), (unknown.StatusCode, unknown.Message));
    }
}
