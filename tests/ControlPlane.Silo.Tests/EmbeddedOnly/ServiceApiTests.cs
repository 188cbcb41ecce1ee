using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ControlPlane.Client;

namespace ControlPlane.Silo.Tests.EmbeddedOnly;

/// <summary>Registrations over the API, sound and unsound.</summary>
public sealed class ServiceApiTests
{
    public static TheoryData<string, string[]> BadRegistrations => new()
    {
        { """{"id": "test/shop/cart"}""", ["id", "'test/shop/cart'", "cluster/namespace/kind/name"] },
        { """{"id": "test/shop/deployment/Cart"}""", ["id", "'test/shop/deployment/Cart'", "lower case"] },
        { """{"id": "test/shop/deployment/cart", "apiVersion": "v1"}""", ["apiVersion", "'v1'", "group/version"] },
        { """{"id": "test/shop/deployment/cart", "demandmetrics": "x"}""", ["demandmetrics"] },
        { """{"apiVersion": "apps/v1"}""", ["id"] },
        { """{"id": 5}""", ["id"] },
        { """{"id": "test/shop/deployment/cart", "apiVersion": null}""", ["apiVersion"] },
        { """{"id": "test/shop/deployment/cart", "resource": null}""", ["resource"] },
        { """{"id": "test/shop/deployment/cart", "labels": null}""", ["labels"] },
        { """{"id": """, ["JSON"] },
    };

    [Theory]
    [MemberData(nameof(BadRegistrations))]
    public async Task Register_BadBody_IsRefusedWithPropertyAndRule(string body, string[] parts)
    {
        await using var silo = await TestSilo.StartFrozenAsync();

        using var answer = await silo.Http.PostAsync("api/v1/services", new StringContent(body, Encoding.UTF8, "application/json"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var detail = await Detail(answer);
        Assert.All(parts, part => Assert.Contains(part, detail, StringComparison.Ordinal));
        Assert.Empty(await silo.Client.ListAsync());
    }

    [Fact]
    public async Task Register_BadId_ReachesTheCallerOfTheSdk()
    {
        await using var silo = await TestSilo.StartFrozenAsync();

        var e = await Assert.ThrowsAsync<ControlPlaneException>(() => silo.Client.RegisterAsync(new ServiceRegistration { Id = "cart" }));

        Assert.Equal(HttpStatusCode.BadRequest, e.StatusCode);
        Assert.Equal("id: 'cart' is not cluster/namespace/kind/name in lower case", e.Message);
    }

    [Fact]
    public async Task List_Scope_IsKeptToWholeNames()
    {
        await using var silo = await TestSilo.StartFrozenAsync();
        string[] ids = ["other/shop/deployment/a", "test/shop/deployment/b", "test/shop/deployment/a", "test/shopping/deployment/a"];
        foreach (var id in ids) await silo.Client.RegisterAsync(new ServiceRegistration { Id = id });

        Assert.Equal(ids.Order(StringComparer.Ordinal), await silo.Client.ListAsync());
        Assert.Equal(["test/shop/deployment/a", "test/shop/deployment/b"], await silo.Client.ListAsync("test/shop"));
        Assert.Equal(["other/shop/deployment/a"], await silo.Client.ListAsync("other"));
        Assert.Empty(await silo.Client.ListAsync("tes"));
    }

    [Fact]
    public async Task UnknownService_EveryCall_SaysThatItIsNotRegistered()
    {
        await using var silo = await TestSilo.StartFrozenAsync();
        Func<Task>[] calls =
        [
            () => silo.Client.GetAsync(TestCluster.Id),
            () => silo.Client.UnregisterAsync(TestCluster.Id),
            () => silo.Client.PushAsync(TestCluster.Id, [new Sample { Signal = "demand", Timestamp = TestCluster.Start, Value = 1 }]),
        ];

        foreach (var call in calls)
        {
            var e = await Assert.ThrowsAsync<ControlPlaneException>(call);
            Assert.Equal(HttpStatusCode.NotFound, e.StatusCode);
            Assert.Equal($"{TestCluster.Id} is not registered", e.Message);
        }
    }

    [Fact]
    public async Task Unregister_Twice_IsUnknownTheSecondTime()
    {
        await using var silo = await TestSilo.StartFrozenAsync();
        await silo.Client.RegisterAsync(new ServiceRegistration { Id = TestCluster.Id });
        await silo.Client.UnregisterAsync(TestCluster.Id);

        Assert.Empty(await silo.Client.ListAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await Assert.ThrowsAsync<ControlPlaneException>(() => silo.Client.UnregisterAsync(TestCluster.Id))).StatusCode);
    }

    [Theory]
    [InlineData("api/v1/services/test/shop/deployment/CART", "'test/shop/deployment/CART' is not a workload id")]
    [InlineData("api/v1/decisions/test/shop/deployment/CART", "'test/shop/deployment/CART' is not a workload id")]
    [InlineData("api/v1/records/test/shop/deployment/cart", "'test/shop/deployment/cart' is not a decision id")]
    [InlineData("api/v1/decisions/test/shop/deployment/cart?count=many", "count")]
    public async Task Get_BadAddress_SaysWhatIsWrong(string path, string part)
    {
        await using var silo = await TestSilo.StartFrozenAsync();

        using var answer = await silo.Http.GetAsync(path);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(part, await Detail(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Record_NotKept_SaysSo()
    {
        await using var silo = await TestSilo.StartFrozenAsync();

        var e = await Assert.ThrowsAsync<ControlPlaneException>(() => silo.Client.GetDecisionRecordAsync($"{TestCluster.Id}@1.1"));

        Assert.Equal(HttpStatusCode.NotFound, e.StatusCode);
        Assert.Contains("is not kept any more", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_AfterTheStart_IsOkAndSoonReady()
    {
        await using var silo = await TestSilo.StartFrozenAsync();

        Assert.Equal("ok", await silo.Http.GetStringAsync("healthz"));
        await Eventually.HoldsAsync(async () => (await silo.Http.GetAsync("readyz")).StatusCode, status => status == HttpStatusCode.OK);
        Assert.Equal("ready", await silo.Http.GetStringAsync("readyz"));
    }

    internal static async Task<string> Detail(HttpResponseMessage answer) =>
        (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())?["detail"] ?? "";
}
