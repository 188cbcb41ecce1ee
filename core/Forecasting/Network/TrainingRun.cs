using ControlPlane.Core.Forecasting.Ensemble;
using ControlPlane.Core.Forecasting.Members;
using ControlPlane.Core.Forecasting.Neural;

namespace ControlPlane.Core.Forecasting.Network;

/// <summary>Walks a stretch of load from a cold start, as the ensemble would, and takes examples on the way.</summary>
internal static class TrainingRun
{
    /// <summary>Examples are spread over the horizons: each origin gives this many.</summary>
    private const int HorizonsPerOrigin = 3;

    private static readonly TimeSpan BinWidth = TimeSpan.FromMinutes(5);

    /// <param name="values">The load, one a step.</param>
    /// <param name="first">Number of the first step on the grid.</param>
    /// <param name="step">Length of a step.</param>
    /// <param name="origins">About how many origins to take, over the whole stretch.</param>
    /// <param name="random">Draws them.</param>
    /// <param name="rows">Where the examples go.</param>
    public static void Collect(ReadOnlySpan<double> values, long first, TimeSpan step, int origins, SeededNoise random, TrainingRows rows)
    {
        var warm = WarmUpSteps(step);
        if (values.Length < 2 * warm) return;
        var scale = DemandScale.From(values[..warm]);
        var (season, history) = (new SeasonalMemory(step, BinWidth), new LoadHistory(step));
        var furthest = Math.Log(FurthestSteps(step) + 0.5);
        var share = Math.Min(1, (double)origins / (values.Length - warm));
        var begun = rows.Count;
        Span<float> shared = stackalloc float[LoadFeatures.Shared];
        Span<float> own = stackalloc float[LoadFeatures.Own];
        Span<float> guides = stackalloc float[LoadFeatures.GuideCount];
        for (var i = 0; i < values.Length; i++)
        {
            if (!TrainingTrace.IsKnown(values[i])) continue;
            var z = scale.ToModel(values[i]);
            season.Add(first + i, z);
            history.Update(first + i, z);
            if (i < warm / 2 || random.NextDouble() >= share) continue;
            var (pace, now) = (LoadFeatures.FillShared(history, shared), season.At(first + i));
            for (var draw = 0; draw < HorizonsPerOrigin; draw++)
            {
                var steps = (int)Math.Max(1, Math.Round(Math.Exp(furthest * random.NextDouble())));
                if (i + steps >= values.Length || !TrainingTrace.IsKnown(values[i + steps])) continue;
                var size = LoadFeatures.FillOwn(history, season, now, pace, steps, own, guides);
                // Errors are shares of the load that came; times that load they are what is scored.
                rows.Add(shared, own, guides, size, scale.ToModel(values[i + steps]) - z, values[i + steps] + scale.Offset);
            }
        }

        Normalise(rows, begun);
    }

    /// <summary>The longest horizon that the ensemble models.</summary>
    private static int FurthestSteps(TimeSpan step) => Math.Max(12, (int)(DemandForecaster.LongestHorizonAt(step) / step));

    private static int WarmUpSteps(TimeSpan step) => (int)Math.Max(12, DemandForecaster.WarmUpTime.Ticks / step.Ticks);

    /// <summary>Makes every run count alike at every distance: divides the weights by what the last value loses at about that horizon.</summary>
    private static void Normalise(TrainingRows rows, int begun)
    {
        const int classes = 16;
        Span<double> lost = stackalloc double[classes];
        Span<int> count = stackalloc int[classes];
        for (var row = begun; row < rows.Count; row++)
        {
            lost[ClassOf(rows, row)] += rows.Weight(row) * Math.Abs(Math.Exp(Math.Min(-rows.Change(row), 2)) - 1);
            count[ClassOf(rows, row)]++;
        }

        for (var row = begun; row < rows.Count; row++)
        {
            var c = ClassOf(rows, row);
            rows.Weigh(row, lost[c] > 0 ? (float)(count[c] / lost[c]) : 0);
        }
    }

    /// <summary>The horizon's number, read back from its input.</summary>
    private static int ClassOf(TrainingRows rows, int row) => Math.Clamp((int)MathF.Round((rows.Inputs(row)[^3] + 0.5f) * 4), 0, 15);
}
