using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ControlPlane.Silo.Tests.Support;
using ControlPlane.Simulation.Cluster;

namespace ControlPlane.Silo.Tests.Api;

public sealed class AdminGateTests
{
    private const string Token = "0123456789abcdef";
    private const string State = "api/v1/state";

    [Fact]
    public async Task State_WithoutATokenConfigured_IsOff()
    {
        await using var silo = await StartAsync(token: "");

        Assert.Equal(HttpStatusCode.NotFound, await AskAsync(silo, State, new AuthenticationHeaderValue("Bearer", "")));
        Assert.Equal(HttpStatusCode.NotFound, await AskAsync(silo, "orleans/", Basic("any:")));
    }

    [Fact]
    public async Task State_WithATokenConfigured_AsksForIt()
    {
        await using var silo = await StartAsync(Token);

        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(silo, State, null));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(silo, State, new AuthenticationHeaderValue("Bearer", Token + "0")));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(silo, "API/v1/%73tate/", null));
        // A browser sends this by itself, to a page of somebody else too.
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(silo, State, Basic($"any:{Token}")));
        // It is let in; state in memory cannot be exported.
        Assert.Equal(HttpStatusCode.Conflict, await AskAsync(silo, State, new AuthenticationHeaderValue("Bearer", Token)));
    }

    [Fact]
    public async Task Dashboard_OfTheClusterBuild_AsksForTheToken()
    {
        await using var silo = await StartAsync(Token);
        var locked = SiloBuild.IsCluster ? HttpStatusCode.Unauthorized : HttpStatusCode.NotFound;
        var open = SiloBuild.IsCluster ? HttpStatusCode.OK : HttpStatusCode.NotFound;

        foreach (var page in new[] { "orleans/", "orleans/index.min.js", "orleans/GrainTypes", "orleans/ClusterStats" })
        {
            Assert.Equal(locked, await AskAsync(silo, page, null));
            Assert.Equal(locked, await AskAsync(silo, page, Basic("any:wrong")));
            Assert.Equal(locked, await AskAsync(silo, page, new AuthenticationHeaderValue("Basic", "not base64")));
        }
        Assert.Equal(open, await AskAsync(silo, "orleans/", Basic($"any:{Token}")));
        Assert.Equal(open, await AskAsync(silo, "orleans/index.min.js", new AuthenticationHeaderValue("Bearer", Token)));
    }

    private static AuthenticationHeaderValue Basic(string pair) => new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));

    private static Task<RunningSilo> StartAsync(string token) => RunningSilo.StartAsync(
        new SimulatedCluster(RunningSilo.ClusterName, TimeProvider.System.GetUtcNow()), RunningSilo.Settings() with { AdminToken = token });

    private static async Task<HttpStatusCode> AskAsync(RunningSilo silo, string path, AuthenticationHeaderValue? authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = authorization;
        using var answer = await silo.Http.SendAsync(request);
        return answer.StatusCode;
    }
}
