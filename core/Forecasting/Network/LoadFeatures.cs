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

    private const int BlockCount = 11;
    private const int MeanCount = 6;
    private const int OtherCount = 8;
    private const int GapCount = 2;
    private const int FlagCount = 6;

    /// <summary>Steps back at which the averaged blocks of the last values begin and end.</summary>
    private static readonly int[] Blocks = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 41, LoadHistory.Length];

    /// <summary>Fills the shared inputs, <c>[Shared]</c>.</summary>
    public static void FillShared(LoadHistory history, Span<float> x)
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
        var growth = history.Growth;
        other[0] = (float)Math.Clamp(history.Unrest, -3, 3);
        other[1] = (float)((Math.Log(history.Scale) + 3.5) / 2);
        other[2] = (float)growth.Near;
        other[3] = (float)growth.Far;
        other[4] = (float)Math.Clamp(history.Persistence, -2, 2);
        other[5] = (float)(Math.Log(history.Step.TotalMinutes) / 2);
        other[6] = (float)Math.Min(history.Days, 1);
        other[7] = (float)Math.Min(history.Days / 7, 1);
    }

    /// <summary>Fills the inputs of a horizon, <c>[Own]</c>, and the guides, <c>[GuideCount]</c>.</summary>
    /// <param name="history">What the network remembers.</param>
    /// <param name="season">The seasonal memory, on the same scale and up to the same step.</param>
    /// <param name="now">What <paramref name="season"/> says of the newest step.</param>
    /// <param name="growth">Of <paramref name="history"/>.</param>
    /// <param name="steps">Steps ahead.</param>
    /// <param name="x">The inputs, filled.</param>
    /// <param name="guides">The guides, filled; 0 where one has nothing to say.</param>
    /// <returns>Typical absolute change over the horizon.</returns>
    public static double FillOwn(
        LoadHistory history, SeasonalMemory season, in SeasonalView now, (double Near, double Far) growth, int steps, Span<float> x, Span<float> guides)
    {
        var z = history.Z;
        var then = season.At(history.Newest + steps);
        var scale = history.ScaleAt(steps, growth);
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
        guides[..GuideCount].CopyTo(x);
        TensorPrimitives.Multiply(x[..(GuideCount + GapCount)], (float)(1 / scale), x[..(GuideCount + GapCount)]);
        SignedLog(x[..(GuideCount + GapCount)]);
        var flags = x.Slice(GuideCount + GapCount, FlagCount);
        flags[0] = double.IsNaN(then.Profile - now.Profile) ? 0 : 1;
        flags[1] = double.IsNaN(then.Yesterday - now.Yesterday) ? 0 : 1;
        flags[2] = double.IsNaN(then.LastWeek - now.LastWeek) ? 0 : 1;
        flags[3] = (float)(Math.Log2(steps) / 4 - 0.5);
        flags[4] = (float)(Math.Log(steps * history.Step.TotalMinutes) / 2 - 1);
        flags[5] = (float)((Math.Log(scale) + 3) / 2);
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
