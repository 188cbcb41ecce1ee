using System.Globalization;
using System.Net;
using ControlPlane.Client;

namespace ControlPlane.Silo.Tests.EmbeddedOnly;

/// <summary>Teams over the API: declared, shown, refused.</summary>
public sealed class TeamApiTests
{
    private const string Declared = "teams:\n- { name: payments, budget: { replicaHours: 48, period: 1d } }\n- { name: search, budget: { money: 20, pricePerReplicaHour: 0.5, enforcement: Soft } }\n";

    [Fact]
    public async Task Get_DeclaredTeams_AreShownAndUnknownOnesNotFound()
    {
        await using var silo = await TestSilo.StartFrozenAsync();
        Assert.Empty(await silo.Client.GetTeamsAsync(TestCluster.Name));
        await silo.Client.PutPolicyAsync(TestCluster.Name, Declared);

        var teams = await silo.Client.GetTeamsAsync(TestCluster.Name);
        Assert.Equal(["payments Hard 48 replica-hours", "search Soft 20 money"], teams.Select(t => $"{t.Name} {t.Enforcement} {t.Budget} {t.Unit}"));
        Assert.Equal((null, 0), (teams[0].PeriodStart, teams[0].Services.Count));
        var e = await Assert.ThrowsAsync<ControlPlaneException>(() => silo.Client.GetTeamAsync(TestCluster.Name, "sales"));
        Assert.Equal((HttpStatusCode.NotFound, "the policy of test declares no team 'sales'"), (e.StatusCode, e.Message));
    }

    [Fact]
    public async Task Put_TeamsThatContradict_AreRefusedWithEveryFault()
    {
        await using var silo = await TestSilo.StartFrozenAsync();
        await silo.Client.PutPolicyAsync(TestCluster.Name, Declared);

        await AssertRefused(silo, TestCluster.Name, "teams:\n- { name: a, budget: { replicaHours: 1 } }\n- { name: a }\n", "policy:3: teams[1].name: 'a' is declared by teams[0] too", "policy:3: teams[1].budget: has neither replicaHours nor money");
        await AssertRefused(silo, "test/shop", "team: sales\nteams: []\n", "policy:2: teams: are declared in the cluster's policy only", "policy:1: team: 'sales' is not declared in the cluster's policy; declared there: none");
        await AssertRefused(silo, TestCluster.Id, "team: payments\nminReplicas: 3\n", "policy:1: team: 'payments' has 48 replica-hours, which do not pay for 3 replicas over 1d, which take 72");
        await silo.Client.PutPolicyAsync("test/shop", "team: payments\nminReplicas: 2\n");
    }

    [Fact]
    public async Task Get_TeamOfARunningService_ShowsWhatItHasSpent()
    {
        await using var cluster = await TestCluster.StartAsync(requestsPerSecond: 200);
        await using var silo = await TestSilo.StartAsync(cluster);
        await silo.Client.PutPolicyAsync(TestCluster.Name, "teams: [{ name: payments, budget: { replicaHours: 480 } }]\n");
        await silo.RegisterAsync("mode: Auto\nminReplicas: 2\nmaxReplicas: 30\nteam: payments\n");

        var team = await Eventually.HoldsAsync(() => silo.Client.GetTeamAsync(TestCluster.Name, "payments"), t => t.Services.Count == 1);

        Assert.Equal((TestCluster.Id, TestCluster.Start), (team.Services[0].Id, team.PeriodStart));
        Assert.True(team.Spent > 0 && team.Granted > 48 && team.Granted < 480);
        Assert.Equal(48, team.Services[0].FloorOfPeriod, 6);

        var response = await silo.Http.GetAsync("metrics");
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        var text = await response.Content.ReadAsStringAsync();
        Assert.Contains("controlplane_team_budget{cluster=\"test\",team=\"payments\",enforcement=\"hard\",unit=\"replica_hours\"} 480\n", text, StringComparison.Ordinal);
        Assert.True(Value(text, "controlplane_team_spent") >= team.Spent);
        Assert.Equal(480, Value(text, "controlplane_team_spent") + Value(text, "controlplane_team_left"), 6);
        Assert.True(Value(text, "controlplane_team_asks_total") > 0);
    }

    /// <summary>The first sample of a metric.</summary>
    private static double Value(string text, string name) =>
        double.Parse(text.Split('\n').First(line => line.StartsWith($"{name}{{", StringComparison.Ordinal)).Split("} ")[1], CultureInfo.InvariantCulture);

    private static async Task AssertRefused(TestSilo silo, string scope, string text, params string[] parts)
    {
        var e = await Assert.ThrowsAsync<ControlPlaneException>(() => silo.Client.PutPolicyAsync(scope, text));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, e.StatusCode);
        Assert.All(parts, part => Assert.Contains(part, e.Message, StringComparison.Ordinal));
    }
}
