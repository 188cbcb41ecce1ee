using ControlPlane.Core.Forecasting.Members;
using ControlPlane.Core.Forecasting.Network;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.Ensemble;

/// <summary>
/// The last stage: what this load alone shows of the errors that its forecasts still have. At each horizon the newest demands and errors move all quantiles, the hour of
/// the day moves each level; both count as far as they would have helped of late, so that a load whose errors have no pattern loses next to nothing. It finds
/// what the modelled horizons cannot tell the ones between them, such as jobs that come every few steps.
/// </summary>
internal sealed class ResidualStage
{
    private const int Before = 0;
    private const int Moved = 1;
    private const float LargestShift = 3;
    private static readonly TimeSpan CoarseStep = TimeSpan.FromMinutes(5);

    /// <summary>Nothing needs to be moved until shown otherwise: ln of weights.</summary>
    private static readonly float[] Priors = [1, 0];

    private static readonly bool[] Both = [true, true];
    private readonly ResidualTrack[] _tracks;
    private readonly HourShifts _hours;
    private readonly LevelWeights _weights;
    private readonly float[] _row = new float[QuantileGrid.Count];
    private readonly float[] _moved = new float[QuantileGrid.Count];
    private readonly float[] _given = new float[QuantileGrid.Count];
    private int _scores;

    /// <param name="step">Length of a step.</param>
    public ResidualStage(TimeSpan step)
    {
        var horizons = HorizonsFor(step);
        _tracks = new ResidualTrack[horizons.Length];
        for (var k = 0; k < _tracks.Length; k++) _tracks[k] = new ResidualTrack(horizons[k], step, k > 0 ? _tracks[0] : null);
        _hours = new HourShifts(step);
        _weights = new LevelWeights(Priors, TimeSpan.MaxValue, step / _tracks.Sum(track => 1.0 / track.Stride));
        _weights.Refresh(Both, 0);
    }

    /// <summary>Its horizons in steps, ascending: each up to the last modelled one, or the modelled ones when steps are shorter than five minutes.</summary>
    public static int[] HorizonsFor(TimeSpan step)
    {
        var modelled = CoarseHorizons.HorizonsFor(step);
        return step >= CoarseStep ? [.. Enumerable.Range(1, modelled[^1])] : modelled;
    }

    /// <summary>Number of its horizons.</summary>
    public int Count => _tracks.Length;

    /// <summary>Whether a horizon's forecast from a step is to be remembered.</summary>
    public bool IsDue(int track, long step) => (step + track) % _tracks[track].Stride == 0;

    public int StepsOf(int track) => _tracks[track].Steps;

    /// <summary>Keeps a forecast from the newest step for scoring.</summary>
    /// <param name="track">Number of the horizon.</param>
    /// <param name="history">What is known.</param>
    /// <param name="row">The quantiles before this stage, by level.</param>
    public void Remember(int track, DemandHistory history, ReadOnlySpan<float> row) =>
        _tracks[track].Remember(history.Past, history.Newest, row, CorrectionInputs.SpreadOf(row, history.Scale.Unit));

    /// <summary>Learns from the forecasts for a step; comes before the history has it.</summary>
    public void Learn(long step, double outcome, RecentDemands past)
    {
        foreach (var track in _tracks)
        {
            if (!track.Take(step, _row, out var taken)) continue;
            Move(_row, taken.Spread, taken.Shift, step, _moved);
            Blend(_row, _moved, _given);
            _weights.Fade();
            _weights.Learn(outcome, Before, _row, _given);
            _weights.Learn(outcome, Moved, _moved, _given);
            if (_scores < int.MaxValue) _scores++;
            track.Learn(taken, past, outcome < _moved[QuantileGrid.Median], outcome - _row[QuantileGrid.Median]);
            _hours.Learn(step, outcome, _moved);
        }

        _weights.Refresh(Both, _scores);
    }

    /// <summary>Moves the quantiles of a step after the newest; between two of its horizons both say how far.</summary>
    /// <param name="steps">Steps ahead, at most the last horizon.</param>
    /// <param name="history">What is known.</param>
    /// <param name="row">The quantiles, by level; moved.</param>
    public void Apply(int steps, DemandHistory history, Span<float> row)
    {
        var i = 0;
        while (_tracks[i].Steps < steps) i++;
        var spread = CorrectionInputs.SpreadOf(row, history.Scale.Unit);
        var shift = _tracks[i].ShiftFrom(history.Past, history.Newest, spread);
        if (steps < _tracks[i].Steps)
        {
            var share = (float)(_tracks[i].Steps - steps) / (_tracks[i].Steps - _tracks[i - 1].Steps);
            shift += share * (_tracks[i - 1].ShiftFrom(history.Past, history.Newest, spread) - shift);
        }

        Move(row, spread, shift, history.Newest + steps, _moved);
        Blend(row, _moved, row);
    }

    public void Save(StateWriter writer)
    {
        writer.Write(_scores);
        foreach (var track in _tracks) track.Save(writer);
        _hours.Save(writer);
        _weights.Save(writer);
    }

    public void Load(ref StateReader reader)
    {
        _scores = reader.ReadInt32();
        foreach (var track in _tracks) track.Load(ref reader);
        _hours.Load(ref reader);
        _weights.Load(ref reader);
        _weights.Refresh(Both, _scores);
    }

    private void Move(ReadOnlySpan<float> row, float spread, float shift, long step, Span<float> moved)
    {
        var hour = _hours.At(step);
        for (var level = 0; level < row.Length; level++) moved[level] = row[level] + spread * Math.Clamp(shift + hour[level], -LargestShift, LargestShift);
        moved.Sort();
    }

    private void Blend(ReadOnlySpan<float> row, ReadOnlySpan<float> moved, Span<float> given)
    {
        var weights = _weights.Of(Moved);
        var last = float.NegativeInfinity;
        for (var level = 0; level < row.Length; level++) given[level] = last = Math.Max(last, row[level] + weights[level] * (moved[level] - row[level]));
    }
}
