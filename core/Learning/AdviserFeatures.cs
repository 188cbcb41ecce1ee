using System.Collections.Immutable;
using ControlPlane.Core.Forecasting;
using ControlPlane.Core.Scaling;

namespace ControlPlane.Core.Learning;

/// <summary>What an adviser looks at: numbers without a unit, about −2..2, so that services of any size are alike.</summary>
internal static class AdviserFeatures
{
    /// <summary>Names, in the order of the values.</summary>
    public static readonly ImmutableArray<string> Names =
        ["spread", "tail", "trend", "size", "surplus", "load", "behind", "room", "misses", "noise", "hour_sin", "hour_cos", "lead", "cover", "hpa_misses", "own_misses"];

    public const int Spread = 0;
    public const int Tail = 1;
    public const int Trend = 2;
    public const int Size = 3;
    public const int Surplus = 4;
    public const int Load = 5;
    public const int Behind = 6;
    public const int Room = 7;
    public const int Misses = 8;
    public const int Noise = 9;
    public const int HourSin = 10;
    public const int HourCos = 11;
    public const int Lead = 12;
    public const int Cover = 13;
    public const int HpaMisses = 14;
    public const int OwnMisses = 15;

    private const double HourRadians = 2 * Math.PI / 24;
    private const float High = 0.95f;
    private const float Far = 0.999f;

    /// <summary>Fills the values; false where there is nothing to advise on.</summary>
    /// <param name="scene">The step.</param>
    /// <param name="course">The replicas that are advised on.</param>
    /// <param name="noise">How much the demand has been moving from step to step, see <see cref="AdviserState.Noise"/>.</param>
    /// <param name="values">As many as there are names.</param>
    public static bool Fill(AdviserScene scene, AdviserCourse course, double noise, Span<float> values)
    {
        if (!scene.IsPredicted || scene.Capacity is not > 0 || scene.Observation.Demand is not { } demand) return false;
        var forecast = scene.Input.Forecast!;
        var row = Math.Min(scene.Lead + 1, forecast.Horizon);
        var (middle, high, far) = (At(forecast, row, 0.5f), At(forecast, row, High), At(forecast, row, Far));
        var pods = Math.Max(demand / scene.Capacity.Value, 0.5);
        var books = course.Books(scene.Ledger);
        var usual = Math.Max(1.0, books.HpaPods) / Math.Max(1, books.Steps);
        var room = ((1 + Ledger.PodSlack) * books.HpaPods + Ledger.GraceSteps * usual - books.OwnPods) / usual;
        var hour = scene.Observation.Time.UtcDateTime.TimeOfDay.TotalHours * HourRadians;
        var spread = Ratio(high, middle);
        values[Spread] = Bound(2 * spread);
        values[Tail] = Bound(Ratio(far, high));
        values[Trend] = Bound(4 * Ratio(middle, demand));
        values[Size] = Bound(0.5 * Math.Log(pods / ReplicaPrices.UsualReplicas));
        values[Surplus] = Bound(2 * Math.Log(course.Replicas / pods));
        values[Load] = Bound(2 * (pods / Math.Max(1, course.Serving) - 0.7));
        values[Behind] = Bound((books.OwnViolations - books.HpaViolations) / (2.0 * scene.Lead));
        values[Room] = Bound(room / LedgerTerms.ThriftySteps - 1);
        values[Misses] = Bound(20 * course.RecentMisses);
        values[Noise] = Bound(Math.Log(Math.Max(noise, 1e-4) / Math.Max(spread, 1e-3)));
        values[HourSin] = (float)Math.Sin(hour);
        values[HourCos] = (float)Math.Cos(hour);
        values[Lead] = Bound(0.5 * Math.Log(scene.Lead) - 0.8);
        values[Cover] = Bound(10 * Math.Log(course.Replicas * scene.Capacity.Value / Math.Max(high, 1e-9)));
        values[HpaMisses] = Bound(MissLevel(books.HpaViolations, books.Steps));
        values[OwnMisses] = Bound(MissLevel(books.OwnViolations, books.Steps));
        return true;
    }

    /// <summary>Share of steps in violation on a logarithmic scale: 0 at a percent, −1 at a permille.</summary>
    private static double MissLevel(long violations, long steps) => Math.Log10((violations + 0.5) / (steps + 100.0)) + 2;

    private static float Bound(double value) => double.IsFinite(value) ? (float)Math.Clamp(value, -2, 2) : 0;

    private static double Ratio(double a, double b) => Math.Log((a + 1e-9) / (b + 1e-9));

    /// <summary>The first quantile from a level on.</summary>
    private static double At(Forecast forecast, int row, float level)
    {
        var i = 0;
        while (i < forecast.Quantiles.Length - 1 && forecast.Quantiles[i] < level) i++;
        return forecast.At(row, i);
    }
}
