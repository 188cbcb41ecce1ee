using System.Numerics.Tensors;
using ControlPlane.Core.Forecasting.Members;

namespace ControlPlane.Core.Forecasting.Network;

/// <summary>
/// The inputs of the load network. Everything is a difference to the newest value over the typical change (a "signed log", sign(x)·ln(1 + |x|)), or a
/// ratio, or an age: nothing depends on the size of a load. The shape of the last values is in steps, slow means and the season are in time.
/// </summary>
internal static class LoadFeatures
{
    /// <summary>Inputs that do not depend on the horizon.</summary>
    public const int Shared = BlockCount + MeanCount + OtherCount;

    /// <summary>Inputs of one horizon.</summary>
    public const int Own = GuideCount + GapCount + FlagCount;

    /// <summary>What cheap members would say of a horizon, as changes on the model scale; the network weighs them.</summary>
    public const int GuideCount = 12;

    private const double LargestGuide = 4;
    private const double Log2E = 1.4426950408889634;
    private const int BlockCount = 11;
    private const int MeanCount = 6;
    private const int OtherCount = 8;
    private const int GapCount = 2;
    private const int FlagCount = 6;

    /// <summary>Steps back at which the averaged blocks of the last values begin and end.</summary>
    private static readonly int[] Blocks = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 41, LoadHistory.Length];

    /// <summary>Fills the shared inputs, <c>[Shared]</c>.</summary>
    /// <returns>How fast the load changes, which every horizon needs.</returns>
    public static LoadPace FillShared(LoadHistory history, Span<float> x)
    {
        var (z, unit) = (history.Z, 1 / history.Scale);
        for (var b = 0; b < BlockCount; b++)
        {
            var sum = 0f;
            for (var back = Blocks[b]; back < Blocks[b + 1]; back++) sum += history.Before(back);
            x[b] = (float)((sum / (Blocks[b + 1] - Blocks[b]) - z) * unit);
        }

        for (var i = 0; i < MeanCount; i++) x[BlockCount + i] = (float)((history.Means[i] - z) * unit);
        SignedLog(x[..(BlockCount + MeanCount)]);
        var other = x.Slice(BlockCount + MeanCount, OtherCount);
        var pace = new LoadPace(Math.Log(history.Scale), history.Growth);
        other[0] = (float)Math.Clamp(history.Unrest, -3, 3);
        other[1] = (float)((pace.LogScale + 3.5) / 2);
        other[2] = (float)pace.Growth.Near;
        other[3] = (float)pace.Growth.Far;
        other[4] = (float)Math.Clamp(history.Persistence, -2, 2);
        other[5] = (float)(history.LogMinutes / 2);
        other[6] = (float)Math.Min(history.Days, 1);
        other[7] = (float)Math.Min(history.Days / 7, 1);
        return pace;
    }

    /// <summary>Fills the inputs of a horizon, <c>[Own]</c>, and the guides, <c>[GuideCount]</c>.</summary>
    /// <param name="history">What the network remembers.</param>
    /// <param name="season">The seasonal memory, on the same scale and up to the same step.</param>
    /// <param name="now">What <paramref name="season"/> says of the newest step.</param>
    /// <param name="pace">Of <paramref name="history"/>.</param>
    /// <param name="steps">Steps ahead.</param>
    /// <param name="x">The inputs, filled.</param>
    /// <param name="guides">The guides, filled; 0 where one has nothing to say.</param>
    /// <returns>Typical absolute change over the horizon.</returns>
    public static double FillOwn(
        LoadHistory history, SeasonalMemory season, in SeasonalView now, in LoadPace pace, int steps, Span<float> x, Span<float> guides)
    {
        var z = history.Z;
        var then = season.At(history.Newest + steps);
        var logScale = pace.LogScale + LoadHistory.LogGrowth(steps, pace.Growth);
        var scale = Math.Exp(logScale);
        for (var i = 0; i < 4; i++) guides[i] = (float)(history.Means[i] - z);
        guides[4] = Known(then.Profile - now.Profile);
        guides[5] = Known(then.Yesterday - now.Yesterday);
        guides[6] = Known(then.YesterdayRaw - now.YesterdayRaw);
        guides[7] = Known(then.LastWeek - now.LastWeek);
        guides[8] = Known(then.Profile - history.Means[2]);
        guides[9] = Known(then.Yesterday - history.Means[2]);
        guides[10] = (float)(history.Trend(0, steps) - z);
        guides[11] = (float)(history.Trend(1, steps) - z);
        x[GuideCount] = Known(now.Profile - history.Means[2]);
        x[GuideCount + 1] = Known(now.Yesterday - history.Means[2]);
        // What lies far outside of what is typical is a trend through noise or a day unlike this one; the network has no use for how far.
        TensorPrimitives.Clamp(guides[..GuideCount], (float)(-LargestGuide * scale), (float)(LargestGuide * scale), guides[..GuideCount]);
        guides[..GuideCount].CopyTo(x);
        TensorPrimitives.Multiply(x[..(GuideCount + GapCount)], (float)(1 / scale), x[..(GuideCount + GapCount)]);
        SignedLog(x[..(GuideCount + GapCount)]);
        var flags = x.Slice(GuideCount + GapCount, FlagCount);
        flags[0] = double.IsNaN(then.Profile - now.Profile) ? 0 : 1;
        flags[1] = double.IsNaN(then.Yesterday - now.Yesterday) ? 0 : 1;
        flags[2] = double.IsNaN(then.LastWeek - now.LastWeek) ? 0 : 1;
        flags[3] = (float)(LoadHistory.LogOf(steps) * Log2E / 4 - 0.5);
        flags[4] = (float)((LoadHistory.LogOf(steps) + history.LogMinutes) / 2 - 1);
        flags[5] = (float)((logScale + 3) / 2);
        return scale;
    }

    private static float Known(double value) => double.IsNaN(value) ? 0 : (float)value;

    /// <summary>sign(x)·ln(1 + |x|), in place.</summary>
    private static void SignedLog(Span<float> x)
    {
        Span<float> size = stackalloc float[x.Length];
        TensorPrimitives.Abs(x, size);
        TensorPrimitives.LogP1(size, size);
        TensorPrimitives.CopySign(size, x, x);
    }
}

/// <summary>How fast a load changes.</summary>
/// <param name="LogScale">ln of the typical change of a step.</param>
/// <param name="Growth">How the size of a change grows with its length.</param>
internal readonly record struct LoadPace(double LogScale, (double Near, double Far) Growth);
