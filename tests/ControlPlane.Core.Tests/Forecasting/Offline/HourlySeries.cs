using ControlPlane.Core.Forecasting.Neural;

namespace ControlPlane.Core.Tests.Forecasting.Offline;

/// <summary>Series of hours with a known shape.</summary>
internal static class HourlySeries
{
    /// <summary>Day and week as waves around a trend, with noise; positive for small noise.</summary>
    public static double[] Make(int count, double noise = 0, ulong seed = 1, double trend = 0)
    {
        var random = new SeededNoise(seed);
        var values = new double[count];
        for (var t = 0; t < count; t++)
            values[t] = 100 + trend * t + 20 * Math.Sin(2 * Math.PI * t / 24) + 10 * Math.Cos(2 * Math.PI * t / 168) + noise * random.NextNormal();
        return values;
    }

    /// <summary>Inputs that a model must survive: every one of them gets a finite forecast.</summary>
    public static readonly string[] OddKinds = ["constant", "zero", "onePoint", "twoPoints", "short", "huge", "tiny", "negative", "spike", "step"];

    public static double[] Odd(string kind) => kind switch
    {
        "constant" => Enumerable.Repeat(7.0, 600).ToArray(),
        "zero" => new double[600],
        "onePoint" => [5],
        "twoPoints" => [5, 6],
        "short" => Make(30, 1),
        "huge" => Array.ConvertAll(Make(600, 1), v => v * 1e150),
        "tiny" => Array.ConvertAll(Make(600, 1), v => v * 1e-150),
        "negative" => Array.ConvertAll(Make(600, 1), v => -v),
        "spike" => [.. Make(400, 1), 1e9, .. Make(200, 1)],
        "step" => [.. Make(300, 1), .. Array.ConvertAll(Make(300, 1), v => v + 1000)],
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public static double MeanAbsoluteError(ReadOnlySpan<double> actual, ReadOnlySpan<double> forecast)
    {
        var sum = 0.0;
        for (var i = 0; i < actual.Length; i++) sum += Math.Abs(actual[i] - forecast[i]);
        return sum / actual.Length;
    }
}
