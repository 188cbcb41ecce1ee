namespace ControlPlane.Core.Forecasting.Scoring;

/// <summary>
/// Accuracy of forecasts of one series as the M4 competition defines it (Makridakis, Spiliotis, Assimakopoulos, IJF 36, 2020). Means over
/// series are the caller's.
/// </summary>
public static class PanelAccuracy
{
    /// <summary>sMAPE of Naive2 on M4's hourly series, which OWA is relative to.</summary>
    public const double Naive2Smape = 18.383;

    /// <summary>MASE of Naive2 on M4's hourly series.</summary>
    public const double Naive2Mase = 2.395;

    private const double MissPenalty = 2 / 0.05;

    /// <summary>Symmetric mean absolute percentage error, 0 to 200; a step where both are 0 counts 0.</summary>
    /// <param name="actual">What came.</param>
    /// <param name="point">What was forecast, one entry a step.</param>
    public static double Smape(ReadOnlySpan<double> actual, ReadOnlySpan<double> point)
    {
        var sum = 0.0;
        for (var h = 0; h < actual.Length; h++)
        {
            var size = Math.Abs(actual[h]) + Math.Abs(point[h]);
            if (size > 0) sum += 200 * Math.Abs(actual[h] - point[h]) / size;
        }

        return sum / actual.Length;
    }

    /// <summary>Mean absolute change over a season within the history: the unit of MASE and MSIS. NaN without a whole season.</summary>
    /// <param name="history">Values, oldest first.</param>
    /// <param name="season">Steps of a season.</param>
    public static double SeasonalChange(ReadOnlySpan<double> history, int season) =>
        history.Length <= season ? double.NaN : MeanDistance(history[season..], history[..^season]);

    /// <summary>Mean absolute scaled error.</summary>
    /// <param name="actual">What came.</param>
    /// <param name="point">What was forecast.</param>
    /// <param name="unit"><see cref="SeasonalChange"/> of the history.</param>
    public static double Mase(ReadOnlySpan<double> actual, ReadOnlySpan<double> point, double unit) =>
        MeanDistance(actual, point) / unit;

    /// <summary>Overall weighted average of both errors relative to Naive2.</summary>
    public static double Owa(double smape, double mase) => 0.5 * (smape / Naive2Smape + mase / Naive2Mase);

    /// <summary>Mean scaled interval score of 95% intervals (Gneiting and Raftery, 2007): width, and 40 times what lies outside.</summary>
    /// <param name="actual">What came.</param>
    /// <param name="lower">Lower ends.</param>
    /// <param name="upper">Upper ends.</param>
    /// <param name="unit"><see cref="SeasonalChange"/> of the history.</param>
    public static double Msis(ReadOnlySpan<double> actual, ReadOnlySpan<double> lower, ReadOnlySpan<double> upper, double unit)
    {
        var sum = 0.0;
        for (var h = 0; h < actual.Length; h++)
            sum += upper[h] - lower[h] + MissPenalty * (Math.Max(lower[h] - actual[h], 0) + Math.Max(actual[h] - upper[h], 0));
        return sum / actual.Length / unit;
    }

    /// <summary>Share of the steps within the interval.</summary>
    public static double Coverage(ReadOnlySpan<double> actual, ReadOnlySpan<double> lower, ReadOnlySpan<double> upper)
    {
        var inside = 0;
        for (var h = 0; h < actual.Length; h++)
            if (actual[h] >= lower[h] && actual[h] <= upper[h]) inside++;
        return (double)inside / actual.Length;
    }

    private static double MeanDistance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++) sum += Math.Abs(a[i] - b[i]);
        return sum / a.Length;
    }
}
