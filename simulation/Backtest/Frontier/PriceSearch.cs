namespace ControlPlane.Simulation.Backtest.Frontier;

/// <summary>
/// Which prices of a violation a sweep tries. Between two prices lies at most the rectangle of pods × violations that their outcomes span: after the first prices the next
/// ones go where it is largest.
/// </summary>
internal static class PriceSearch
{
    private const int AtOnce = 4;
    private const int Decimals = 2;

    /// <summary>Tries prices; gives each with its outcome, ascending.</summary>
    /// <param name="first">Prices to begin with, at least two.</param>
    /// <param name="most">How many are tried in all.</param>
    /// <param name="score">Runs some prices; one outcome each.</param>
    public static SortedList<double, FrontierOutcome> Run(IReadOnlyList<double> first, int most, Func<IReadOnlyList<double>, IReadOnlyList<FrontierOutcome>> score)
    {
        var tried = new SortedList<double, FrontierOutcome>();
        for (var next = first; next.Count > 0; next = Next(tried, Math.Min(AtOnce, most - tried.Count)))
            foreach (var (price, outcome) in next.Zip(score(next))) tried.Add(price, outcome);
        return tried;
    }

    private static double[] Next(SortedList<double, FrontierOutcome> tried, int count) =>
    [
        .. tried.Zip(tried.Skip(1), (low, high) => (Price: Math.Round(Math.Sqrt(low.Key * high.Key), Decimals), Hidden: Hidden(low.Value, high.Value)))
            .Where(gap => gap.Hidden > 0 && !tried.ContainsKey(gap.Price))
            .OrderByDescending(gap => gap.Hidden).Take(count).Select(gap => gap.Price),
    ];

    private static double Hidden(FrontierOutcome one, FrontierOutcome other)
    {
        var step = 1.0 / Math.Max(1, one.Steps);
        return Math.Abs(Math.Log(one.PodHours / other.PodHours) * Math.Log((one.UnderProvisionedTimeShare + step) / (other.UnderProvisionedTimeShare + step)));
    }
}
