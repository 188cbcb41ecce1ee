namespace ControlPlane.Core.Forecasting.Ensemble;

/// <summary>The quantile levels that are tracked; others are interpolated on the scale of normal quantiles.</summary>
internal static class QuantileGrid
{
    public const int Count = 11;

    /// <summary>The level of the median.</summary>
    public const int Median = 4;

    public static readonly double[] Levels = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.99, 0.995];

    /// <summary>Normal quantiles of <see cref="Levels"/>.</summary>
    private static readonly double[] Scores =
        [-2.326348, -1.644854, -1.281552, -0.674490, 0, 0.674490, 1.281552, 1.644854, 1.959964, 2.326348, 2.575829];

    /// <summary>Where a level lies: the value is <c>row[i] + share·(row[i+1] − row[i])</c>; beyond the ends it is extrapolated.</summary>
    public static (int Index, double Share) Locate(double level)
    {
        var score = NormalQuantile(level);
        var index = 0;
        while (index < Count - 2 && Scores[index + 1] < score) index++;
        return (index, (score - Scores[index]) / (Scores[index + 1] - Scores[index]));
    }

    /// <summary>Inverse of the normal distribution function (Acklam's rational approximation, relative error below 1.2e-9).</summary>
    public static double NormalQuantile(double p)
    {
        const double tail = 0.02425;
        if (p > 1 - tail) return -NormalQuantile(1 - p);
        if (p < tail)
        {
            var q = Math.Sqrt(-2 * Math.Log(p));
            return (((((-7.784894002430293e-03 * q - 3.223964580411365e-01) * q - 2.400758277161838) * q - 2.549732539343734) * q
                + 4.374664141464968) * q + 2.938163982698783)
                / ((((7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1);
        }

        var r = p - 0.5;
        var s = r * r;
        return (((((-3.969683028665376e+01 * s + 2.209460984245205e+02) * s - 2.759285104469687e+02) * s + 1.383577518672690e+02) * s
            - 3.066479806614716e+01) * s + 2.506628277459239) * r
            / (((((-5.447609879822406e+01 * s + 1.615858368580409e+02) * s - 1.556989798598866e+02) * s + 6.680131188771972e+01) * s
            - 1.328068155288572e+01) * s + 1);
    }
}
