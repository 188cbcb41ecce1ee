using ControlPlane.Core.Scaling;

namespace ControlPlane.Simulation.Backtest.Frontier;

/// <summary>
/// Our own method at many prices of a violation over one demand: one forecast a step serves all of them. The rules are those of
/// <see cref="DecisionPipeline"/>; a test proves the decisions equal.
/// </summary>
/// <param name="service">The service.</param>
/// <param name="curves">What its demand was forecast to be.</param>
/// <param name="references">
/// The HPAs of the ledger, from few pods to many. With several a setting answers to the one that has cost at least as much as the setting's own plan.
/// </param>
/// <param name="changeCost">Price of a change, pod-steps.</param>
internal sealed class OwnSweep(FrontierService service, ForecastCurves curves, IReadOnlyList<ReferenceRun> references, double changeCost = TrendGate.UsualCost)
{
    /// <summary>Replicas at each price from each step on, decided by what was seen until the step before.</summary>
    /// <param name="prices">Prices of a violation, pod-steps.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public int[][] Run(IReadOnlyList<double> prices, CancellationToken cancellationToken = default)
    {
        OwnSetting[] settings = [.. prices.Select(price => new OwnSetting(price, changeCost, service, references))];
        var table = new PriceTable(1);
        for (var t = 1; t < service.Demand.Length; t++)
        {
            if (t % 4096 == 0) cancellationToken.ThrowIfCancellationRequested();
            var curve = curves.At(t);
            if (!curve.IsEmpty) table.Fill(curve);
            foreach (var setting in settings) setting.Decide(t, curve.IsEmpty ? null : table);
        }

        return [.. settings.Select(setting => setting.Totals)];
    }
}
