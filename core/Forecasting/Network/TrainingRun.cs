using ControlPlane.Core.Forecasting.Ensemble;
using ControlPlane.Core.Forecasting.Neural;
using ControlPlane.Core.Forecasting.Scoring;
using ControlPlane.Core.Metrics;

namespace ControlPlane.Core.Forecasting.Network;

/// <summary>Runs the ensemble without a network over a stretch of load, from a cold start, and takes its forecasts as examples.</summary>
internal sealed class TrainingRun : IRowCorrection
{
    private readonly double[] _values;
    private readonly long _first;
    private readonly double _share;
    private readonly SeededNoise _random;
    private readonly CorrectionRows _rows;
    private double _lost;

    private TrainingRun(double[] values, long first, double share, SeededNoise random, CorrectionRows rows) =>
        (_values, _first, _share, _random, _rows) = (values, first, share, random, rows);

    /// <summary>Takes the examples of a load.</summary>
    /// <param name="trace">The load, in steps of a minute or more.</param>
    /// <param name="share">Share of the forecasts that are taken, by chance.</param>
    /// <param name="random">Draws them.</param>
    /// <param name="rows">Where they go.</param>
    public static void Collect(TrainingTrace trace, double share, SeededNoise random, CorrectionRows rows)
    {
        var begun = rows.Count;
        var run = new TrainingRun(trace.Values.ToArray(), StepGrid.IndexOf(trace.Start, trace.Step), share, random, rows);
        var engine = new ForecastEngine(trace.Step, () => MemberSet.Bank(trace.Step, run));
        for (var i = 0; i < run._values.Length; i++) engine.Update(trace.Start + trace.Step * i, TrainingTrace.IsKnown(run._values[i]) ? run._values[i] : null);
        run.Normalise(begun);
    }

    /// <summary>About how many forecasts a load gives.</summary>
    public static long CountOf(TrainingTrace trace) =>
        CoarseHorizons.HorizonsFor(trace.Step).Sum(steps => trace.Values.Length / HorizonTrack.StrideOf(steps, trace.Step));

    /// <summary>Corrects nothing; notes what the network would have been shown.</summary>
    public void Correct(long target, ReadOnlySpan<float> inputs, ReadOnlySpan<float> row, float spread, Span<float> corrected)
    {
        row.CopyTo(corrected);
        var place = target - _first;
        if (place >= _values.Length || !TrainingTrace.IsKnown(_values[place]) || _random.NextDouble() >= _share) return;
        var before = _rows.Count;
        _rows.Add(inputs, row, spread, _values[place]);
        if (_rows.Count == before) return;
        for (var level = 0; level < row.Length; level++) _lost += PinballLoss.Of(QuantileGrid.Levels[level], _values[place], row[level]);
    }

    /// <summary>Relative to the ensemble's own loss, a load weighs as the root of its length.</summary>
    private void Normalise(int begun)
    {
        var count = _rows.Count - begun;
        var factor = _lost > 0 ? (float)(count / _lost / Math.Sqrt(count)) : 0;
        for (var row = begun; row < _rows.Count; row++) _rows.Weigh(row, factor);
    }
}
