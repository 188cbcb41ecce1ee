using System.Net;
using System.Text.Json.Nodes;
using ControlPlane.Client;

namespace ControlPlane.Silo.Tests.EmbeddedOnly;

/// <summary>Policies by scope: admitted, refused, inherited, removed.</summary>
public sealed class PolicyApiTests
{
    public static TheoryData<string, string[]> BadPolicies => new()
    {
        { "minReplicas: 5\nmaxReplicas: 2\n", ["policy:2: maxReplicas: 2 is below minReplicas 5"] },
        { "mode: Auto\nmaxReplica: 9\n", ["policy:2: maxReplica: unknown property"] },
        { "predictive:\n  leadTime: 2m\n  horizon: 30s\n", ["policy:3: predictive.horizon: 30s does not reach past predictive.leadTime 2m"] },
        { "mode: Fast\nminReplicas: 0\n", ["policy:1: mode: 'Fast' is not one of Off, Recommend, Auto", "policy:2: minReplicas: 0 is below 1"] },
        { "minReplicas: 0\nmaxReplicas: 200000\n", ["policy:1: minReplicas: 0 is below 1", "policy:2: maxReplicas: 200000 is above 100000"] },
        { "scope: other\n", ["scope: 'other' is not the scope"] },
        { "a: [", ["not YAML"] },
        { "", ["expected one policy"] },
    };

    [Theory]
    [MemberData(nameof(BadPolicies))]
    public async Task Put_BadPolicy_IsRefusedAndTheLastGoodOneStays(string text, string[] parts)
    {
        await using var silo = await TestSilo.StartFrozenAsync();
        await silo.Client.PutPolicyAsync(TestCluster.Id, "minReplicas: 3\nmaxReplicas: 7\n");

        var e = await Assert.ThrowsAsync<ControlPlaneException>(() => silo.Client.PutPolicyAsync(TestCluster.Id, text));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, e.StatusCode);
        Assert.StartsWith("the policy is refused, the last good one stays in force:\n", e.Message, StringComparison.Ordinal);
        Assert.Equal(parts.Length + 1, e.Message.Split('\n').Length);
        Assert.All(parts, part => Assert.Contains(part, e.Message, StringComparison.Ordinal));
        Assert.Equal((3, 7, 1), await InForce(silo, TestCluster.Id));
    }

    [Fact]
    public async Task Put_BadScope_IsRefused()
    {
        await using var silo = await TestSilo.StartFrozenAsync();

        var e = await Assert.ThrowsAsync<ControlPlaneException>(() => silo.Client.PutPolicyAsync("test/shop/cart", "minReplicas: 3\n"));

        Assert.Contains("scope: 'test/shop/cart' is none of", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Put_JsonAndTwice_CountsVersions()
    {
        await using var silo = await TestSilo.StartFrozenAsync();
        await silo.Client.PutPolicyAsync(TestCluster.Id, """{"minReplicas": 3, "maxReplicas": 7}""");
        await silo.Client.PutPolicyAsync(TestCluster.Id, "minReplicas: 4\nmaxReplicas: 8\n");

        Assert.Equal((4, 8, 2), await InForce(silo, TestCluster.Id));
    }

    [Fact]
    public async Task Policy_OfWiderScopes_IsInheritedUntilANarrowerOneIsPut()
    {
        await using var silo = await TestSilo.StartFrozenAsync();
        await silo.Client.PutPolicyAsync("test", "minReplicas: 2\nmaxReplicas: 20\n");
        Assert.Equal((2, 20, 1), await InForce(silo, TestCluster.Id));

        await silo.Client.PutPolicyAsync("test/shop", "minReplicas: 3\nmaxReplicas: 30\n");
        Assert.Equal((3, 30, 1), await InForce(silo, TestCluster.Id));
        Assert.Equal((2, 20, 1), await InForce(silo, "test/bank/deployment/cart"));

        await silo.Client.PutPolicyAsync(TestCluster.Id, "minReplicas: 4\nmaxReplicas: 40\n");
        Assert.Equal((4, 40, 1), await InForce(silo, TestCluster.Id));
        Assert.Equal((3, 30, 1), await InForce(silo, "test/shop/deployment/search"));
    }

    [Fact]
    public async Task Policy_OfANarrowScope_TakesWhatItDoesNotSayFromTheWiderOnes()
    {
        await using var silo = await TestSilo.StartFrozenAsync();
        await silo.Client.PutPolicyAsync("test", "maxReplicas: 20\n");
        await silo.Client.PutPolicyAsync(TestCluster.Id, "minReplicas: 4\n");
        Assert.Equal((4, 20, 1), await InForce(silo, TestCluster.Id));

        await silo.Client.PutPolicyAsync("test/shop", "maxReplicas: 15\n");
        Assert.Equal((4, 15, 1), await InForce(silo, TestCluster.Id));

        var e = await Assert.ThrowsAsync<ControlPlaneException>(() => silo.Client.PutPolicyAsync(TestCluster.Id, "mode: Auto\nminReplicas: 16\n"));
        Assert.Contains("policy:2: maxReplicas: 15 is below minReplicas 16 (maxReplicas is inherited)", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Put_DryRun_SaysWhatWouldBeInForceAndChangesNothing()
    {
        await using var silo = await TestSilo.StartFrozenAsync();
        await silo.Client.PutPolicyAsync("test", "maxReplicas: 20\n");

        var answer = JsonNode.Parse(await silo.Client.CheckPolicyAsync("test/shop", "minReplicas: 4\n"))!;
        Assert.Equal((4, 20), ((int)answer["minReplicas"]!, (int)answer["maxReplicas"]!));
        var e = await Assert.ThrowsAsync<ControlPlaneException>(() => silo.Client.CheckPolicyAsync("test/shop", "minReplicas: 40\n"));
        Assert.Contains("maxReplicas: 20 is below minReplicas 40", e.Message, StringComparison.Ordinal);

        Assert.Equal((1, 20, 1), await InForce(silo, "test/shop"));
        Assert.Empty(await silo.Client.GetPolicyChangesAsync("test/shop"));
    }

    [Fact]
    public async Task Changes_PutAndDeleted_AreKept()
    {
        await using var silo = await TestSilo.StartFrozenAsync();
        await silo.Client.PutPolicyAsync("test/shop", "minReplicas: 3\n");
        using (await silo.Http.DeleteAsync("api/v1/policies/test/shop")) { }

        var changes = await silo.Client.GetPolicyChangesAsync("test/shop");
        Assert.Equal(["0 3 1", "1 1 3"], changes.Select(c => $"{c.Version} {c.Changes.Single().Before} {c.Changes.Single().After}"));
        Assert.All(changes, c => Assert.Equal("127.0.0.1", c.By));
    }

    [Fact]
    public async Task Policy_Removed_GivesWayToTheWiderOne()
    {
        await using var silo = await TestSilo.StartFrozenAsync();
        await silo.Client.PutPolicyAsync("test/shop", "minReplicas: 3\nmaxReplicas: 30\n");
        await silo.Client.PutPolicyAsync(TestCluster.Id, "minReplicas: 4\nmaxReplicas: 40\n");

        foreach (var expected in ((int, int, int)[])[(3, 30, 1), (3, 30, 1)])
        {
            using var answer = await silo.Http.DeleteAsync($"api/v1/policies/{TestCluster.Id}");
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
            Assert.Equal(expected, await InForce(silo, TestCluster.Id));
        }
    }

    [Fact]
    public async Task Policy_ChangedForTheNamespace_MovesAWorkloadWithinItsBounds()
    {
        await using var cluster = await TestCluster.StartAsync(requestsPerSecond: 200);
        await using var silo = await TestSilo.StartAsync(cluster);
        await silo.Client.PutPolicyAsync("test/shop", "mode: Auto\nminReplicas: 6\nmaxReplicas: 30\n");
        await silo.Client.RegisterAsync(new ServiceRegistration { Id = TestCluster.Id, DemandMetric = TestCluster.DemandMetric });
        await Eventually.HoldsAsync(silo.StatusAsync, s => s.DecisionId is not null);

        await silo.Client.PutPolicyAsync("test/shop", "mode: Auto\nminReplicas: 12\nmaxReplicas: 30\n");

        await Eventually.HoldsAsync(() => Task.FromResult(cluster.Replicas), replicas => replicas >= 12);
    }

    internal static async Task<(int Min, int Max, int Version)> InForce(TestSilo silo, string scope)
    {
        var policy = JsonNode.Parse(await silo.Http.GetStringAsync($"api/v1/policies/{scope}"))!;
        return ((int)policy["minReplicas"]!, (int)policy["maxReplicas"]!, (int)policy["version"]!);
    }
}
