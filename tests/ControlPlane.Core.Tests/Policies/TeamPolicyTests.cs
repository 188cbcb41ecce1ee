using ControlPlane.Core.Policies;

namespace ControlPlane.Core.Tests.Policies;

/// <summary>Teams in policies: declared once, at the cluster's scope, with a budget that pays for the minimum.</summary>
public sealed class TeamPolicyTests
{
    private const string Cluster = "scope: prod\nteams:\n- { name: payments, budget: { replicaHours: 100, period: 1d } }\n- { name: search, budget: { money: 12, pricePerReplicaHour: 0.1, period: 1d } }\n";

    [Theory]
    [InlineData("team: payments", null)]
    [InlineData("team: null", null)]
    [InlineData("team: sales", "p:1: team: 'sales' is not declared in the cluster's policy; declared there: payments, search")]
    [InlineData("team: payments\nminReplicas: 5", "p:1: team: 'payments' has 100 replica-hours, which do not pay for 5 replicas over 1d, which take 120")]
    [InlineData("team: search\nminReplicas: 5", null)] // 12 of money are 5 replicas at the team's price
    [InlineData("team: search\nminReplicas: 5\nbudget: { pricePerReplicaHour: 0.2 }", "p:1: team: 'search' has 12 of money, which do not pay for 5 replicas over 1d, which take 24")]
    [InlineData("team: payments\nbudget: { pricePerReplicaHour: 0.2 }", "p:2: budget: has neither replicaHours nor money")]
    [InlineData("teams: []", "p:1: teams: are declared in the cluster's policy only, not in that of prod/shop")]
    public void Read_PolicyOfANamespace_GoesByTheClustersTeams(string text, string? fault)
    {
        var read = PolicyReader.Read($"{text}\nscope: prod/shop\n", "p", Read(Cluster).Policy);
        if (fault is null) Assert.Empty(read.Errors);
        else Assert.Equal(fault, Assert.Single(read.Errors));
    }

    [Fact]
    public void Read_ContradictoryTeams_NamesEveryFault()
    {
        var read = Read("scope: prod\nteams:\n- { name: a, budget: { replicaHours: 1, money: 2 } }\n- { name: a, budget: { period: 1m } }\n- { name: x/y, budget: { replicaHours: -3 } }\n");
        string[] faults =
        [
            "p:3: teams[0].budget.money: is given beside replicaHours: one of them is the budget",
            "p:3: teams[0].budget.pricePerReplicaHour: is missing: money needs the price of a replica-hour",
            "p:4: teams[1].budget.period: 1m is not within 1h..31d",
            "p:4: teams[1].name: 'a' is declared by teams[0] too",
            "p:4: teams[1].budget: has neither replicaHours nor money",
            "p:5: teams[2].budget.replicaHours: -3 is not above 0",
            "p:5: teams[2].name: 'x/y' is no name: it must not be empty nor hold a /",
        ];
        Assert.Equal(string.Join('\n', faults), string.Join('\n', read.Errors));
    }

    [Fact]
    public void Read_UnknownTeamBesideOneDeclaredTwice_IsToldEachNameOnce()
    {
        var read = Read("scope: prod\nteam: sales\nteams:\n- { name: shop, budget: { replicaHours: 90 } }\n- { name: cart, budget: { replicaHours: 90 } }\n- { name: shop, budget: { replicaHours: 90 } }\n");
        string[] faults = ["p:2: team: 'sales' is not declared in the cluster's policy; declared there: cart, shop", "p:6: teams[2].name: 'shop' is declared by teams[0] too"];
        Assert.Equal(faults, read.Errors);
    }

    [Fact]
    public void Merge_NamespaceAndService_HaveTheClustersTeams()
    {
        var cluster = Read(Cluster).Policy!;
        var merged = PolicyInheritance.Merge(cluster, new PolicyDocument { Scope = "prod/shop", Team = "search" }, ["team"]);
        Assert.Equal(("search", 12.0), (TeamBudget.Of(merged)!.Name, TeamBudget.Of(merged)!.Limit));
        Assert.DoesNotContain("teams", PolicyText.ToYaml(merged), StringComparison.Ordinal);
        Assert.Equal("payments", PolicyInheritance.WithTeams(cluster, new PolicyDocument { Team = "payments" }).Teams[0].Name);
    }

    private static PolicyReadResult Read(string text) => PolicyReader.Read(text, "p");
}
