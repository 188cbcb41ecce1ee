using ControlPlane.Core.Forecasting;
using ControlPlane.Core.Forecasting.LeadTime;
using ControlPlane.Core.Scaling;

namespace ControlPlane.Simulation.Backtest.Frontier;

/// <summary>
/// Our own method at many prices of a violation over one demand: one forecast a step serves all of them. The rules are those of
/// <see cref="DecisionPipeline"/>; a test proves the decisions equal.
/// </summary>
/// <param name="service">The service.</param>
/// <param name="prices">Prices of a violation, pod-steps, ascending.</param>
/// <param name="references">
/// The HPAs of the ledger, from few pods to many. With several a setting answers to the one that has cost at least as much as the setting's own plan.
/// </param>
/// <param name="changeCost">Price of a change, pod-steps.</param>
internal sealed class OwnSweep(FrontierService service, IReadOnlyList<double> prices, IReadOnlyList<ReferenceRun> references, double changeCost = TrendGate.UsualCost)
{
    /// <summary>Any start on the step grid; seasons are counted from it.</summary>
    public static readonly DateTimeOffset Start = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    private readonly int _lead = service.StartupSteps;
    private readonly PriceTable _table = new(service.StartupSteps + 1);
    private readonly OwnSetting[] _settings = [.. prices.Select(price => new OwnSetting(price, changeCost, service, references))];

    /// <summary>Replicas of each setting from each step on, decided by what was seen until the step before.</summary>
    /// <param name="forecaster">Learns the demand; null: the service's own kind.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public int[][] Run(IForecaster? forecaster = null, CancellationToken cancellationToken = default)
    {
        forecaster ??= new LeadTimeForecaster(service.Step, _lead);
        var levels = LeadTimeSettings.Quantiles.AsSpan();
        var rows = new float[(_lead + 1) * levels.Length];
        for (var t = 1; t < service.Demand.Length; t++)
        {
            if (t % 4096 == 0) cancellationToken.ThrowIfCancellationRequested();
            var seen = service.Demand[t - 1];
            forecaster.Update(Start + t * service.Step, double.IsNaN(seen) ? null : seen);
            var isUsable = !double.IsNaN(seen) && forecaster.Forecast(_lead + 1, levels, rows) == ForecastStatus.Ready;
            if (isUsable) _table.Fill(levels, rows);
            foreach (var setting in _settings) setting.Decide(t, isUsable ? _table : null);
        }

        return [.. _settings.Select(setting => setting.Totals)];
    }
}
