using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling.Teams;
using ControlPlane.Core.Workloads;
using ControlPlane.Grains.Teams;
using ControlPlane.Silo.Telemetry;

namespace ControlPlane.Silo.Tests.Telemetry;

/// <summary>What the silo says of teams, as Prometheus reads it.</summary>
public sealed class MetricsTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);
    private readonly TeamReadings _teams = new();
    private readonly Clock _clock = new() { Now = Start + TimeSpan.FromHours(5) };

    [Fact]
    public void Text_TeamThatSpends_HasItsBudgetWhatIsSpentGrantedAndLeftAndItsAsks()
    {
        _teams.Put(Reading("payments", BudgetEnforcement.Hard, spent: 12.5, granted: 30) with { Met = 7, Refused = 2 });

        Assert.Equal(
            """
            # HELP controlplane_team_asks_total What services asked for, by whether they were given all of it.
            # TYPE controlplane_team_asks_total counter
            controlplane_team_asks_total{cluster="prod",team="payments",outcome="met"} 7
            controlplane_team_asks_total{cluster="prod",team="payments",outcome="refused"} 2
            # HELP controlplane_team_budget What the services of a team may spend in a period.
            # TYPE controlplane_team_budget gauge
            controlplane_team_budget{cluster="prod",team="payments",enforcement="hard",unit="replica_hours"} 40
            # HELP controlplane_team_granted What they were granted in the period that runs, with what they have spent.
            # TYPE controlplane_team_granted gauge
            controlplane_team_granted{cluster="prod",team="payments",enforcement="hard",unit="replica_hours"} 30
            # HELP controlplane_team_left What is left to spend in the period that runs; below 0 when more was spent.
            # TYPE controlplane_team_left gauge
            controlplane_team_left{cluster="prod",team="payments",enforcement="hard",unit="replica_hours"} 27.5
            # HELP controlplane_team_spent What they have spent in the period that runs, as they told last.
            # TYPE controlplane_team_spent gauge
            controlplane_team_spent{cluster="prod",team="payments",enforcement="hard",unit="replica_hours"} 12.5

            """,
            Text());
    }

    [Fact]
    public void Text_PeriodInWhichNobodyHasAsked_SaysNothingOfWhatIsSpent()
    {
        _teams.Put(Reading("payments", BudgetEnforcement.Soft, spent: 50, granted: 60));
        Assert.Contains("controlplane_team_left{cluster=\"prod\",team=\"payments\",enforcement=\"soft\",unit=\"replica_hours\"} -10\n", Text(), StringComparison.Ordinal);

        _clock.Now = Start + TimeSpan.FromDays(1);
        Assert.Equal(["controlplane_team_asks_total", "controlplane_team_asks_total", "controlplane_team_budget"], Samples());
    }

    [Fact]
    public void Text_NoTeamOrOneThatIsNotDeclared_HasNoBudget()
    {
        Assert.Equal("", Text());
        var reading = Reading("payments", BudgetEnforcement.Hard, 1, 2) with { Team = null };
        _teams.Put(reading);
        Assert.Equal(["controlplane_team_asks_total", "controlplane_team_asks_total"], Samples());
        _teams.Remove(reading with { Met = 3 });
        Assert.NotEqual("", Text());
        _teams.Remove(reading);
        Assert.Equal("", Text());
    }

    [Fact]
    public void Text_NameWithQuotes_IsEscaped()
    {
        _teams.Put(Reading("\"a\\b\n", BudgetEnforcement.Hard, 1, 2));
        Assert.Contains("team=\"\\\"a\\\\b\\n\"", Text(), StringComparison.Ordinal);
    }

    private string Text()
    {
        using var metrics = new ControlPlaneMetrics(_teams, _clock);
        return PrometheusText.Of(metrics.Meter);
    }

    private IEnumerable<string> Samples() => Text().Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').Select(line => line.Split('{')[0]);

    private static TeamReading Reading(string name, BudgetEnforcement enforcement, double spent, double granted)
    {
        var team = new TeamBudget { Name = name, Budget = new BudgetPolicy { ReplicaHours = 40, Period = TimeSpan.FromDays(1), Enforcement = enforcement } };
        var member = new TeamMember { Workload = WorkloadId.Parse("prod/shop/deployment/cart"), Spent = spent, Granted = granted };
        return new TeamReading("prod", name, team, new TeamAccount { PeriodStart = Start, Period = team.Budget.Period, Members = [member] }, 0, 0);
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; }

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
