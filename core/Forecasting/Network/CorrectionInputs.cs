using System.Numerics.Tensors;
using ControlPlane.Core.Forecasting.Ensemble;
using ControlPlane.Core.Forecasting.Members;

namespace ControlPlane.Core.Forecasting.Network;

/// <summary>
/// What the correction network sees of one forecast of the ensemble: what each member says, how sure it is and what weight it has, the ensemble's own quantiles,
/// the last values, what the season and like stretches of the past say, and the newest errors. All differences are in units of the ensemble's spread as a "signed log", sign(x)·ln(1 + |x|), so
/// that nothing depends on the size of a load. Unknown is 0.
/// </summary>
internal static class CorrectionInputs
{
    /// <summary>Inputs of the network.</summary>
    public const int Count = MemberSet.Count * MemberBlocks + QuantileGrid.Count + SeasonCount + RecentDemands.LagCount + ErrorCount + AnalogCount + OtherCount;

    /// <summary>Errors of the newest forecasts that are told: two at this horizon, three at the nearest.</summary>
    public const int ErrorCount = 5;

    private const int MemberBlocks = 4;
    private const int SeasonCount = DemandFeatures.Count - 1;
    private const int AnalogCount = 2;
    private const int OtherCount = 8;
    private const int LowLevel = 2;
    private const int HighLevel = 6;
    private const float SmallestSpread = 1e-6f;
    private const float LargestDifference = 1e4f;
    private const float LargestRatio = 4;
    private const float DaysOfWeek = 7;

    /// <summary>Half of the distance between the levels 0.1 and 0.9: the unit of the inputs and of the corrections.</summary>
    /// <param name="row">The ensemble's quantiles, by level of the grid.</param>
    /// <param name="unit">A typical demand, requests per second.</param>
    public static float SpreadOf(ReadOnlySpan<float> row, double unit) =>
        Math.Max((row[HighLevel] - row[LowLevel]) / 2, SmallestSpread * Math.Max(Math.Abs(row[QuantileGrid.Median]), (float)unit));

    /// <summary>Fills all inputs.</summary>
    /// <param name="history">What is known.</param>
    /// <param name="steps">Steps ahead.</param>
    /// <param name="members">What the members say.</param>
    /// <param name="row">The ensemble's quantiles, by level of the grid.</param>
    /// <param name="features">What <see cref="DemandFeatures"/> says of that step.</param>
    /// <param name="errors">Outcome less median of the newest forecasts, requests per second, <c>[ErrorCount]</c>.</param>
    /// <param name="x"><c>[Count]</c>, filled.</param>
    public static void Fill(
        DemandHistory history, int steps, MemberView members, ReadOnlySpan<float> row, ReadOnlySpan<float> features, ReadOnlySpan<float> errors, Span<float> x)
    {
        var median = row[QuantileGrid.Median];
        var spread = SpreadOf(row, history.Scale.Unit);
        FillMembers(members, median, spread, x);
        var differences = x[(MemberSet.Count * MemberBlocks)..^OtherCount];
        var at = 0;
        foreach (var quantile in row) differences[at++] = quantile - median;
        foreach (var feature in DemandFeatures.Of(1, features)[1..]) differences[at++] = feature * (float)history.Scale.Unit;
        history.Past.CopyDifferences(history.Newest, differences[at..]);
        at += RecentDemands.LagCount;
        errors.CopyTo(differences[at..]);
        FillAnalogs(history, steps, median, differences[(at + ErrorCount)..]);
        TensorPrimitives.Divide(differences, spread, differences);
        SignedLog(differences);
        FillOthers(history, steps, median, spread, x[^OtherCount..]);
    }

    private static void FillMembers(MemberView members, float median, float spread, Span<float> x)
    {
        var differences = x[..MemberSet.Count];
        var sizes = x.Slice(MemberSet.Count, MemberSet.Count);
        var speaks = x.Slice(2 * MemberSet.Count, MemberSet.Count);
        var weights = x.Slice(3 * MemberSet.Count, MemberSet.Count);
        for (var m = 0; m < MemberSet.Count; m++)
        {
            var isAwake = members.IsAwake[m] && !float.IsNaN(members.Points[m]);
            differences[m] = isAwake ? (members.Points[m] - median) / spread : 0;
            sizes[m] = isAwake ? Bounded(MathF.Log(members.Sizes[m] / spread), LargestRatio) : 0;
            speaks[m] = isAwake ? 1 : 0;
            weights[m] = members.Weights[m];
        }

        SignedLog(differences);
    }

    /// <summary>How far what came after like stretches spreads.</summary>
    private static void FillAnalogs(DemandHistory history, int steps, float median, Span<float> differences)
    {
        var (analog, z) = (history.Analog(steps), history.Recent(0)[0]);
        differences[0] = (float)history.Scale.ToDemand(z + analog.Low) - median;
        differences[1] = (float)history.Scale.ToDemand(z + analog.High) - median;
    }

    private static void FillOthers(DemandHistory history, int steps, float median, float spread, Span<float> x)
    {
        var days = (float)(history.Count * history.Step.TotalDays);
        x[0] = MathF.Log(steps) - 1.2f;
        x[1] = MathF.Log((float)(history.Step.TotalMinutes * steps)) - 3;
        x[2] = Bounded(MathF.Log(spread / Math.Max(Math.Abs(median), spread)) / 2 + 1, LargestRatio);
        x[3] = Bounded(MathF.Log(spread / (float)history.Scale.Unit) / 2 + 1, LargestRatio);
        x[4] = Math.Min(days, 1);
        x[5] = Math.Min(days / DaysOfWeek, 1);
        x[6] = Math.Min(MathF.Log(1 + history.Count) / 5, 2);
        x[7] = ((float)history.Demand - median) / spread;
        SignedLog(x[7..]);
    }

    private static float Bounded(float x, float limit) => float.IsNaN(x) ? 0 : Math.Clamp(x, -limit, limit);

    /// <summary>sign(x)·ln(1 + |x|), in place; what is not a number is 0.</summary>
    public static void SignedLog(Span<float> x)
    {
        for (var i = 0; i < x.Length; i++) x[i] = Bounded(x[i], LargestDifference);
        Span<float> size = stackalloc float[x.Length];
        TensorPrimitives.Abs(x, size);
        TensorPrimitives.LogP1(size, size);
        TensorPrimitives.CopySign(size, x, x);
    }
}

/// <summary>What the members say of one step, all <c>[MemberSet.Count]</c>.</summary>
internal readonly ref struct MemberView
{
    /// <summary>Middles, requests per second; NaN where a member has none.</summary>
    public required ReadOnlySpan<float> Points { get; init; }

    /// <summary>Usual sizes of their errors, requests per second.</summary>
    public required ReadOnlySpan<float> Sizes { get; init; }

    /// <summary>Whether they take part.</summary>
    public required ReadOnlySpan<bool> IsAwake { get; init; }

    /// <summary>Their weights at the median.</summary>
    public required ReadOnlySpan<float> Weights { get; init; }
}
