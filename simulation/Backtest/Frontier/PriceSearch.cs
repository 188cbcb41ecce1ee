namespace ControlPlane.Simulation.Backtest.Frontier;

/// <summary>
/// Which prices of a violation a sweep tries. Between two prices lies at most the rectangle of pods × violations that their outcomes span: after the first prices the next
/// ones go where it is largest, and the last ones to the pod-hours at which it is compared.
/// </summary>
internal static class PriceSearch
{
    private const int AtOnce = 4;
    private const int Decimals = 2;
    private const int ForEachComparison = 3;

    /// <summary>Tries prices; gives each with its outcome, ascending.</summary>
    /// <param name="first">Prices to begin with, at least two.</param>
    /// <param name="most">How many are tried in all.</param>
    /// <param name="podHours">Where outcomes are compared at equal pod-hours.</param>
    /// <param name="score">Runs some prices; one outcome each.</param>
    public static SortedList<double, FrontierOutcome> Run(
        IReadOnlyList<double> first, int most, IReadOnlyList<double> podHours, Func<IReadOnlyList<double>, IReadOnlyList<FrontierOutcome>> score)
    {
        var tried = new SortedList<double, FrontierOutcome>();
        for (var next = first; next.Count > 0; next = Next(tried, podHours, most - tried.Count))
            foreach (var (price, outcome) in next.Zip(score(next))) tried.Add(price, outcome);
        return tried;
    }

    private static double[] Next(SortedList<double, FrontierOutcome> tried, IReadOnlyList<double> podHours, int left)
    {
        Gap[] gaps =
        [
            .. tried.Zip(tried.Skip(1), (low, high) => new Gap(Math.Round(Math.Sqrt(low.Key * high.Key), Decimals), low.Value, high.Value))
                .Where(gap => gap.Hidden > 0 && !tried.ContainsKey(gap.Price)).OrderByDescending(gap => gap.Hidden),
        ];
        var free = left - ForEachComparison * podHours.Count;
        Gap[] compared = free > 0 ? [] : [.. gaps.Where(gap => podHours.Any(gap.Holds)).Take(left)];
        IEnumerable<Gap> next = compared.Length > 0 ? compared : gaps.Take(Math.Min(AtOnce, free > 0 ? free : left));
        return [.. next.Select(gap => gap.Price)];
    }

    /// <param name="Price">The price between two that were tried.</param>
    /// <param name="Low">Outcome of the lower one.</param>
    /// <param name="High">Outcome of the higher one.</param>
    private sealed record Gap(double Price, FrontierOutcome Low, FrontierOutcome High)
    {
        public double Hidden { get; } = Math.Abs(Math.Log(Low.PodHours / High.PodHours) * Math.Log((Low.UnderProvisionedTimeShare + Step(Low)) / (High.UnderProvisionedTimeShare + Step(Low))));

        public bool Holds(double podHours) => Low.PodHours <= podHours && podHours < High.PodHours;

        private static double Step(FrontierOutcome outcome) => 1.0 / Math.Max(1, outcome.Steps);
    }
}
