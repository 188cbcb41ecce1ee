using System.Diagnostics.Metrics;
using ControlPlane.Core.Policies;
using ControlPlane.Grains.Teams;

namespace ControlPlane.Silo.Telemetry;

/// <summary>
/// The instruments of the meter <c>ControlPlane</c>, described in <c>docs/metrics.md</c>. All of them are observed when somebody reads them, so that nothing is
/// counted twice for several readers. A silo tells of the teams whose grains run in it.
/// </summary>
internal sealed class ControlPlaneMetrics : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "ControlPlane";
    private readonly TeamReadings _teams;
    private readonly TimeProvider _time;

    public ControlPlaneMetrics(TeamReadings teams, TimeProvider time)
    {
        (_teams, _time) = (teams, time);
        Meter = new Meter(MeterName);
        Meter.CreateObservableGauge("controlplane.team.budget", () => Teams(t => t.Team!.Limit), description: "What the services of a team may spend in a period.");
        Meter.CreateObservableGauge("controlplane.team.spent", () => Running(t => t.Account.Spent), description: "What they have spent in the period that runs, as they told last.");
        Meter.CreateObservableGauge("controlplane.team.granted", () => Running(t => t.Account.Granted), description: "What they were granted in the period that runs, with what they have spent.");
        Meter.CreateObservableGauge("controlplane.team.left", () => Running(t => t.Team!.Limit - t.Account.Spent), description: "What is left to spend in the period that runs; below 0 when more was spent.");
        Meter.CreateObservableCounter("controlplane.team.asks", Asks, "{ask}", "What services asked for, by whether they were given all of it.");
    }

    /// <summary>The meter.</summary>
    public Meter Meter { get; }

    /// <inheritdoc/>
    public void Dispose() => Meter.Dispose();

    private IEnumerable<Measurement<double>> Teams(Func<TeamReading, double> value) =>
        _teams.All.Where(t => t.Team is not null).Select(t => new Measurement<double>(value(t), Tags(t, t.Team!)));

    /// <summary>Teams whose account is of the period that runs: of the next one nothing is known before a service has asked in it.</summary>
    private IEnumerable<Measurement<double>> Running(Func<TeamReading, double> value)
    {
        var now = _time.GetUtcNow();
        return _teams.All
            .Where(t => t.Team is not null && now >= t.Account.PeriodStart && now < t.Account.PeriodStart + t.Account.Period)
            .Select(t => new Measurement<double>(value(t), Tags(t, t.Team!)));
    }

    private IEnumerable<Measurement<long>> Asks()
    {
        foreach (var team in _teams.All)
        {
            yield return new Measurement<long>(team.Met, [.. Tags(team), new("outcome", "met")]);
            yield return new Measurement<long>(team.Refused, [.. Tags(team), new("outcome", "refused")]);
        }
    }

    private static KeyValuePair<string, object?>[] Tags(TeamReading reading) => [new("cluster", reading.Cluster), new("team", reading.Name)];

    private static KeyValuePair<string, object?>[] Tags(TeamReading reading, TeamBudget team) =>
        [.. Tags(reading), new("enforcement", team.Budget.Enforcement == BudgetEnforcement.Hard ? "hard" : "soft"), new("unit", team.IsMoney ? "money" : "replica_hours")];
}
