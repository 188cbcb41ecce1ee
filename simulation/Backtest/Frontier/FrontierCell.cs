namespace ControlPlane.Simulation.Backtest.Frontier;

/// <summary>All methods on one trace with one start-up.</summary>
/// <param name="Trace">The trace.</param>
/// <param name="StartupSeconds">The start-up.</param>
/// <param name="Points">Their settings.</param>
/// <param name="Gaps">What ours closed, one row an HPA.</param>
internal sealed record FrontierCell(string Trace, double StartupSeconds, IReadOnlyList<FrontierPoint> Points, IReadOnlyList<GapClosedRow> Gaps)
{
    private const double UsualTarget = 0.7;

    /// <summary>Runs a cell.</summary>
    public static FrontierCell Run(FrontierTrace trace, TimeSpan startup, FrontierOptions options, CancellationToken cancellationToken)
    {
        var service = trace.ServiceWith(startup);
        var points = new List<FrontierPoint>();
        var oracle = service.Score(Clairvoyant.Run(service));
        var seconds = startup.TotalSeconds;
        int[] Run(HpaMetric metric, double target) => FastHpa.Run(service, HpaSetting.Default(metric, target));
        FrontierOutcome[] hpa = [.. options.Targets.Select(target => service.Score(Run(HpaMetric.Utilization, target)))];
        FrontierOutcome[] rate = [.. options.Targets.Select(target => service.Score(Run(HpaMetric.Rate, target)))];
        var tuned = Tuned(service, HpaMetric.Utilization, options, cancellationToken);
        var tunedRate = Tuned(service, HpaMetric.Rate, options, cancellationToken);
        // From few pods to many: high targets first.
        ReferenceRun[] references = [.. options.LedgerTargets.Reverse().Select(target => new ReferenceRun(service, Run(HpaMetric.Utilization, target)))];
        var sweep = new OwnSweep(service, ForecastCurves.Of(service, cancellationToken), references, options.ChangeCost);
        var usual = options.Targets.Index().MinBy(target => Math.Abs(target.Item - UsualTarget)).Index;
        var byPrice = PriceSearch.Run(options.Prices, options.PriceCount, [hpa[usual].PodHours, rate[usual].PodHours], prices => [.. sweep.Run(prices, cancellationToken).Select(totals => service.Score(totals))]);
        FrontierOutcome[] own = [.. byPrice.Values];

        points.Add(Point(FrontierMethods.Oracle, 0, oracle));
        for (var i = 0; i < hpa.Length; i++) points.Add(Point(FrontierMethods.Hpa, options.Targets[i], hpa[i]));
        for (var i = 0; i < rate.Length; i++) points.Add(Point(FrontierMethods.HpaRate, options.Targets[i], rate[i]));
        foreach (var (setting, outcome) in Unbeaten(tuned))
            points.Add(Point(FrontierMethods.HpaTuned, setting.Target, outcome) with { WindowSeconds = setting.Window.TotalSeconds, Tolerance = setting.Tolerance });
        foreach (var (price, outcome) in byPrice) points.Add(Point(BacktestOptions.Own, price, outcome));
        return new FrontierCell(trace.Name, seconds, points, [Gap(FrontierMethods.Hpa, hpa, tuned), Gap(FrontierMethods.HpaRate, rate, tunedRate)]);

        FrontierPoint Point(string method, double parameter, FrontierOutcome o) =>
            new(trace.Name, method, parameter, seconds, o.UnderProvisionedTimeShare, o.UnservedDemandShare, o.PodHours, o.ScalingsPerDay);

        GapClosedRow Gap(string against, FrontierOutcome[] opponent, (HpaSetting, FrontierOutcome Outcome)[] family) => new(
            seconds, against,
            GapClosed.ByTime(opponent, own, oracle, service.StartupSteps),
            GapClosed.ByTime(opponent, [.. family.Select(f => f.Outcome)], oracle, service.StartupSteps),
            GapClosed.ByDemand(opponent, own, oracle),
            GapClosed.ViolationsAtPodHours(opponent[usual], own),
            own.Average(o => o.ScalingsPerDay), opponent.Average(o => o.ScalingsPerDay));
    }

    private static (HpaSetting Setting, FrontierOutcome Outcome)[] Tuned(FrontierService service, HpaMetric metric, FrontierOptions options, CancellationToken cancellationToken)
    {
        var outcomes = new List<(HpaSetting, FrontierOutcome)>();
        foreach (var target in options.Targets)
            foreach (var window in options.Windows)
                foreach (var tolerance in options.Tolerances)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    var setting = new HpaSetting(metric, target, window, tolerance);
                    outcomes.Add((setting, service.Score(FastHpa.Run(service, setting))));
                }

        return [.. outcomes];
    }

    private static IEnumerable<(HpaSetting Setting, FrontierOutcome Outcome)> Unbeaten((HpaSetting, FrontierOutcome Outcome)[] family)
    {
        var least = double.PositiveInfinity;
        foreach (var one in family.OrderBy(f => f.Outcome.PodHours).ThenBy(f => f.Outcome.UnderProvisionedTimeShare))
        {
            if (one.Outcome.UnderProvisionedTimeShare >= least) continue;
            least = one.Outcome.UnderProvisionedTimeShare;
            yield return one;
        }
    }
}
