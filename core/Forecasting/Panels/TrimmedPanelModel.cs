namespace ControlPlane.Core.Forecasting.Panels;

/// <summary>
/// The combination: at every step the mean of its parts without the highest and the lowest of them, which costs little when all agree and much
/// less than a weight when one is wrong. Means are of logarithms where all parts are positive. The interval is half as wide as the spread of the
/// series tells and half as the networks' own quantiles do.
/// </summary>
/// <param name="name">Its name.</param>
/// <param name="parts">What is combined.</param>
/// <param name="quantiles">The part whose quantiles set half of the interval.</param>
internal sealed class TrimmedPanelModel(string name, PanelModel[] parts, NetworkPanelModel quantiles) : PanelModel(name, 0)
{
    /// <summary>Widens both: they are measured within the fit, which is a little too good. From validation folds of M4's hourly series.</summary>
    private const double OutOfSample = 1.08;

    public override IReadOnlyList<PanelModel> Parts => parts;

    public override IReadOnlyList<Action<CancellationToken>> Pieces(PanelRun run) => [];

    public override PanelForecast Finish(PanelRun run)
    {
        var said = Array.ConvertAll(parts, p => p.Finish(run));
        var count = run.Series.Length;
        var (point, lower, upper) = (new double[count][], new double[count][], new double[count][]);
        for (var i = 0; i < count; i++)
        {
            double[][] values = [.. said.Where((_, m) => parts[m] is not NetworkPanelModel network || !network.SatOut(i)).Select(s => s.Point[i])];
            point[i] = Combine(values, run.Horizon);
            (lower[i], upper[i]) = run.Interval(i, point[i], OutOfSample);
            if (!quantiles.SatOut(i)) Narrow(said[Array.IndexOf(parts, quantiles)], i, point[i], lower[i], upper[i]);
        }

        return new PanelForecast(Name, point, lower, upper, said.Sum(s => s.Seconds));
    }

    /// <summary>The geometric mean of the spread's ends and of the networks' ends around the same point.</summary>
    private static void Narrow(PanelForecast networks, int index, double[] point, double[] lower, double[] upper)
    {
        for (var h = 0; h < point.Length; h++)
        {
            var middle = networks.Point[index][h];
            lower[h] = Math.Sqrt(lower[h] * point[h] * Math.Pow(networks.Lower[index][h] / middle, OutOfSample));
            upper[h] = Math.Sqrt(upper[h] * point[h] * Math.Pow(networks.Upper[index][h] / middle, OutOfSample));
        }
    }

    private static double[] Combine(double[][] values, int horizon)
    {
        var combined = new double[horizon];
        var column = new double[values.Length];
        for (var h = 0; h < horizon; h++)
        {
            for (var m = 0; m < values.Length; m++) column[m] = values[m][h];
            Array.Sort(column);
            var trim = column.Length >= 4 ? 1 : 0;
            var kept = column.AsSpan(trim, column.Length - 2 * trim);
            var isPositive = kept[0] > 0;
            foreach (var value in kept) combined[h] += (isPositive ? Math.Log(value) : value) / kept.Length;
            if (isPositive) combined[h] = Math.Exp(combined[h]);
        }

        return combined;
    }
}
