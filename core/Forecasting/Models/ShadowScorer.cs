using ControlPlane.Core.Metrics;

namespace ControlPlane.Core.Forecasting.Models;

/// <summary>One block's sums of one service.</summary>
/// <param name="Block">Number of the block.</param>
/// <param name="Scores">The sums; at least one outcome.</param>
public readonly record struct ShadowTally(long Block, PairedScores Scores);

/// <summary>
/// Scores two models on the same outcomes of one service: pinball loss at a quarter, half and the whole of the horizon, divided by the service's usual
/// demand as it was known when the forecast was made. Only steps for which both models had a forecast count. Not thread-safe.
/// </summary>
public sealed class ShadowScorer
{
    private static readonly TimeSpan UsualTime = TimeSpan.FromDays(1);
    private readonly TimeSpan _step;
    private readonly TimeSpan _block;
    private readonly int[] _horizons;
    private readonly Issued[] _issued;
    private readonly long[] _championCovered = new long[ForecastSettings.Quantiles.Length];
    private readonly long[] _shadowCovered = new long[ForecastSettings.Quantiles.Length];
    private double _usual = double.NaN;
    private long _openBlock = -1;
    private long _outcomes;
    private double _championLoss;
    private double _shadowLoss;

    /// <summary>A scorer that has seen nothing.</summary>
    /// <param name="step">Length of a step, positive.</param>
    /// <param name="horizon">Steps that forecasts span, at least 1.</param>
    /// <param name="block">Length of a block, positive.</param>
    public ShadowScorer(TimeSpan step, int horizon, TimeSpan block)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(step, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(horizon, 1);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(block, TimeSpan.Zero);
        (_step, _block, Horizon) = (step, block, horizon);
        _horizons = [.. new[] { Math.Max(1, horizon / 4), Math.Max(1, horizon / 2), horizon }.Distinct()];
        _issued = new Issued[horizon + 1];
        for (var i = 0; i < _issued.Length; i++) _issued[i] = new Issued(_horizons.Length * ForecastSettings.Quantiles.Length);
    }

    /// <summary>Steps that are scored.</summary>
    public int Horizon { get; }

    /// <summary>Scores what was said about this step, then keeps what is said now.</summary>
    /// <param name="observation">The step.</param>
    /// <param name="champion">The champion's forecast after it.</param>
    /// <param name="shadow">The shadow's.</param>
    /// <returns>The block before, when the step is the first of another block and there was something to score in it.</returns>
    public ShadowTally? Add(Observation observation, Forecast champion, Forecast shadow)
    {
        var index = StepGrid.IndexOf(observation.Time, _step);
        var block = ModelRegistry.BlockOf(observation.Time, _block);
        var finished = block == _openBlock ? null : Close(block);
        if (observation.FilteredDemand is { } demand && double.IsFinite(demand) && demand >= 0)
        {
            Score(index, demand);
            _usual = double.IsNaN(_usual) ? demand : _usual + Math.Min(1, _step / UsualTime) * (demand - _usual);
        }
        Keep(index, champion, shadow);
        return finished;
    }

    private void Score(long index, double demand)
    {
        for (var h = 0; h < _horizons.Length; h++)
        {
            var issued = _issued[(index - _horizons[h]) % _issued.Length];
            if (issued.Index != index - _horizons[h]) continue;
            _championLoss += Loss(issued.Champion, h, demand, _championCovered) / issued.Usual;
            _shadowLoss += Loss(issued.Shadow, h, demand, _shadowCovered) / issued.Usual;
            _outcomes++;
        }
    }

    private static double Loss(float[] rows, int h, double demand, long[] covered)
    {
        var levels = ForecastSettings.Quantiles;
        var sum = 0.0;
        for (var q = 0; q < levels.Length; q++)
        {
            var error = demand - rows[h * levels.Length + q];
            sum += error >= 0 ? levels[q] * error : (levels[q] - 1) * error;
            if (error <= 0) covered[q]++;
        }
        return sum / levels.Length;
    }

    private void Keep(long index, Forecast champion, Forecast shadow)
    {
        // A service without traffic has no scale to measure losses by.
        if (!(_usual > 0) || !Speaks(champion) || !Speaks(shadow)) return;
        var issued = _issued[index % _issued.Length];
        (issued.Index, issued.Usual) = (index, _usual);
        Copy(champion, issued.Champion);
        Copy(shadow, issued.Shadow);
    }

    private bool Speaks(Forecast forecast) =>
        forecast is { Status: ForecastStatus.Ready, Horizon: > 0 } && ForecastSettings.Quantiles.All(level => forecast.Quantiles.Contains(level));

    /// <summary>A forecast may hold more levels than are scored, and may end before the horizon: its last row then goes on.</summary>
    private void Copy(Forecast forecast, float[] rows)
    {
        var levels = ForecastSettings.Quantiles;
        for (var q = 0; q < levels.Length; q++)
        {
            var index = forecast.Quantiles.IndexOf(levels[q]);
            for (var h = 0; h < _horizons.Length; h++) rows[h * levels.Length + q] = forecast.At(Math.Min(_horizons[h], forecast.Horizon), index);
        }
    }

    private ShadowTally? Close(long next)
    {
        ShadowTally? finished = _outcomes == 0 ? null : new ShadowTally(_openBlock, new PairedScores
        {
            Outcomes = _outcomes,
            ChampionLoss = _championLoss,
            ShadowLoss = _shadowLoss,
            ChampionCovered = [.. _championCovered],
            ShadowCovered = [.. _shadowCovered],
        });
        (_openBlock, _outcomes, _championLoss, _shadowLoss) = (next, 0, 0, 0);
        Array.Clear(_championCovered);
        Array.Clear(_shadowCovered);
        return finished;
    }

    /// <summary>What both said at one step.</summary>
    private sealed class Issued(int values)
    {
        public long Index { get; set; } = -1;
        public double Usual { get; set; }
        public float[] Champion { get; } = new float[values];
        public float[] Shadow { get; } = new float[values];
    }
}
