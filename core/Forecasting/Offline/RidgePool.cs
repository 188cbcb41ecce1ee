using ControlPlane.Core.Forecasting.Scoring;

namespace ControlPlane.Core.Forecasting.Offline;

/// <summary>
/// Robust ridge regressions of one series on five sets of lags and on several scales, and the seasonal naive, weighted by their accuracy on the
/// newest horizons of the series, each forecast from before it.
/// </summary>
internal static class RidgePool
{
    private const int Folds = 4;

    /// <summary>Lags of the regression whose errors tell the spread.</summary>
    public static readonly LagRidgeOptions Widest = new() { Lags = [1, 2, .. Range(22, 26), .. Range(166, 170)] };

    /// <summary>What panel networks correct: the mean of these.</summary>
    public static readonly LagRidgeOptions[] Guides;

    /// <summary>Least length of a series for the pool.</summary>
    public const int LeastLength = 2 * 170;

    private static readonly LagRidgeOptions[] Members;

    static RidgePool()
    {
        int[][] sets =
        [
            [1, 2, .. Range(23, 25), .. Range(167, 169)],
            [.. Range(1, 4), .. Range(23, 25), .. Range(47, 49), .. Range(167, 169)],
            [1, 2, .. Range(22, 25), .. Range(46, 49), .. Range(166, 169)],
            Widest.Lags,
            [.. Range(1, 25), .. Range(167, 169)],
        ];
        Members =
        [
            .. sets.Select(lags => new LagRidgeOptions { Lags = lags }),
            .. sets.Select(lags => new LagRidgeOptions { Lags = lags, Scale = SeriesScale.Root }),
            new LagRidgeOptions { Lags = sets[0], Scale = SeriesScale.Level },
            new LagRidgeOptions { Lags = sets[0], HalfLife = 168 },
        ];
        Guides = [Members[3], Members[4], Members[7]];
    }

    /// <summary>The weighted forecast.</summary>
    /// <param name="series">Finite values, at least <see cref="LeastLength"/>.</param>
    /// <param name="values">Filled, one entry a step.</param>
    public static void Forecast(ReadOnlySpan<double> series, Span<double> values)
    {
        var losses = new double[Members.Length + 1];
        var point = new double[values.Length];
        var folds = Math.Min(Folds, (series.Length - LeastLength) / values.Length);
        for (var fold = 1; fold <= folds; fold++)
        {
            var known = series[..^(fold * values.Length)];
            var actual = series.Slice(known.Length, values.Length);
            var unit = Math.Max(PanelAccuracy.SeasonalChange(known, Widest.Season), 1e-9);
            for (var m = 0; m < losses.Length; m++)
            {
                Forecast(m, known, point);
                losses[m] += PanelAccuracy.Owa(PanelAccuracy.Smape(actual, point), PanelAccuracy.Mase(actual, point, unit));
            }
        }

        var weights = new double[losses.Length];
        ErrorWeights.Fill(losses, weights);
        values.Clear();
        for (var m = 0; m < weights.Length; m++)
        {
            if (weights[m] < 1e-6) continue;
            Forecast(m, series, point);
            for (var h = 0; h < point.Length; h++) values[h] += weights[m] * point[h];
        }
    }

    private static void Forecast(int member, ReadOnlySpan<double> series, double[] point)
    {
        if (member < Members.Length) LagRidge.Fit(series, Members[member]).Forecast(series, point);
        else new SeasonalNaive(Widest.Season).Forecast(series, point);
    }

    private static IEnumerable<int> Range(int first, int last) => Enumerable.Range(first, last - first + 1);
}
