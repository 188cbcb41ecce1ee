using ControlPlane.Core.Forecasting;

namespace ControlPlane.Core.Scaling;

/// <summary>
/// The number of replicas n with the least expected cost J(n) = n + λ · max over steps of P(demand > n · capacity), over the steps from
/// now to the lead time, in pod-steps. λ is the price of a step in violation.
/// </summary>
public static class PredictiveTarget
{
    /// <summary>Cost-optimal replicas within bounds, and never fewer than the lowest quantile of the demand needs: giving up is no answer.</summary>
    /// <param name="forecast">A forecast that is <see cref="ForecastStatus.Ready"/>.</param>
    /// <param name="firstStep">First row that counts, 1 = one step after the forecast was issued.</param>
    /// <param name="lastStep">Last row that counts; cut at the horizon.</param>
    /// <param name="capacity">Requests per second of one replica, above 0.</param>
    /// <param name="violationCost">λ, pod-steps.</param>
    /// <param name="min">Fewest replicas.</param>
    /// <param name="max">Most replicas.</param>
    public static int Choose(Forecast forecast, int firstStep, int lastStep, double capacity, double violationCost, int min, int max)
    {
        lastStep = Math.Min(lastStep, forecast.Horizon);
        var best = max;
        var bestCost = double.PositiveInfinity;
        for (var n = Math.Max(min, LeastPlausible(forecast, firstStep, lastStep, capacity)); n <= max && n < bestCost; n++)
        {
            var cost = n + violationCost * Risk(forecast, firstStep, lastStep, n * capacity);
            if (cost >= bestCost) continue;
            (best, bestCost) = (n, cost);
        }
        return best;
    }

    /// <summary>Expected cost of keeping n replicas, pod-steps.</summary>
    public static double Cost(Forecast forecast, int firstStep, int lastStep, double capacity, double violationCost, int replicas) =>
        replicas + violationCost * Risk(forecast, firstStep, Math.Min(lastStep, forecast.Horizon), replicas * capacity);

    /// <summary>
    /// P(demand > level) at one step: linear between quantiles; beyond the outermost ones the density falls off exponentially with the
    /// slope of the last interval.
    /// </summary>
    public static double Survival(Forecast forecast, int step, double level)
    {
        var quantiles = forecast.Quantiles.AsSpan();
        return Survival(quantiles, forecast.Values.AsSpan().Slice((step - 1) * quantiles.Length, quantiles.Length), level);
    }

    private static double Survival(ReadOnlySpan<float> quantiles, ReadOnlySpan<float> row, double level)
    {
        if (level < row[0]) return 1 - quantiles[0] * Tail(row[0] - level, Spread(row));
        for (var q = 1; q < row.Length; q++)
        {
            if (level >= row[q]) continue;
            var share = (level - row[q - 1]) / (row[q] - row[q - 1]);
            return 1 - (quantiles[q - 1] + share * (quantiles[q] - quantiles[q - 1]));
        }
        return (1 - quantiles[^1]) * Tail(level - row[^1], Spread(row));
    }

    private static double Risk(Forecast forecast, int firstStep, int lastStep, double level)
    {
        var risk = 0.0;
        var quantiles = forecast.Quantiles.AsSpan();
        var rows = forecast.Values.AsSpan()[((firstStep - 1) * quantiles.Length)..(lastStep * quantiles.Length)];
        for (; !rows.IsEmpty; rows = rows[quantiles.Length..])
            risk = Math.Max(risk, Survival(quantiles, rows[..quantiles.Length], level));
        return risk;
    }

    private static int LeastPlausible(Forecast forecast, int firstStep, int lastStep, double capacity)
    {
        var least = 0.0;
        for (var step = firstStep; step <= lastStep; step++) least = Math.Max(least, forecast.At(step, 0));
        return (int)Math.Min(Math.Ceiling(least / capacity), int.MaxValue / 2);
    }

    private static double Tail(double distance, double spread) => spread > 0 ? Math.Exp(-distance / spread) : distance > 0 ? 0 : 1;

    private static double Spread(ReadOnlySpan<float> row) => row.Length > 1 ? (row[^1] - row[^2]) * 0.7 : 0;
}
