using System.Numerics.Tensors;
using ControlPlane.Core.Forecasting.Members;
using ControlPlane.Core.Forecasting.Network;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.Ensemble;

/// <summary>
/// The last stage of one horizon: the shared network corrects the ensemble's quantiles, and the ensemble as it was, the corrected one, the last value's and those
/// of the members with the most weight are weighed online, so that a correction that does not suit a workload costs little.
/// </summary>
internal sealed class RowCorrector
{
    /// <summary>How many of the newest errors are kept.</summary>
    public const int ErrorCount = 3;

    private const int Plain = 0;
    private const int Corrected = 1;
    private const int Last = 2;
    private const int Leader = 3;

    /// <summary>The correction is right until shown otherwise: ln of weights.</summary>
    private static readonly float[] Priors = [0, 4, 0, -2];

    private static readonly bool[] All = [true, true, true, true];
    private readonly IRowCorrection _correction;
    private readonly LevelWeights _weights;
    private readonly KeptRows _rows;
    private readonly float[] _medians;
    private readonly float[] _errors = new float[ErrorCount];
    private readonly float[] _inputs = new float[CorrectionInputs.Count];
    private readonly float[] _corrected = new float[QuantileGrid.Count];
    private int _scores;

    /// <param name="correction">The network.</param>
    /// <param name="capacity">Open predictions at most.</param>
    /// <param name="interval">Time between two outcomes.</param>
    public RowCorrector(IRowCorrection correction, int capacity, TimeSpan interval)
    {
        _correction = correction;
        _weights = new LevelWeights(Priors, TimeSpan.MaxValue, interval);
        _weights.Refresh(All, 0);
        _rows = new KeptRows(capacity);
        _medians = new float[capacity];
    }

    /// <summary>Outcome less the ensemble's own median, newest first.</summary>
    public ReadOnlySpan<float> Errors => _errors;

    /// <summary>Corrects a prediction and keeps it for scoring.</summary>
    public void Remember(int slot, DemandHistory history, int steps, MemberView members, ReadOnlySpan<float> plain, ReadOnlySpan<float> features, ReadOnlySpan<float> nearest)
    {
        _medians[slot] = plain[QuantileGrid.Median];
        Correct(history, steps, members, plain, features, nearest);
        _rows.Keep(slot, _corrected, CorrectionInputs.SpreadOf(plain, history.Scale.Unit));
    }

    /// <summary>What is given: the weighted mean of all.</summary>
    /// <param name="history">What is known.</param>
    /// <param name="steps">Steps ahead.</param>
    /// <param name="members">What the members say.</param>
    /// <param name="rows">What there is besides the correction.</param>
    /// <param name="features">What <see cref="DemandFeatures"/> says of that step.</param>
    /// <param name="nearest">Errors at the nearest horizon.</param>
    /// <param name="given">By level, filled.</param>
    public void Predict(
        DemandHistory history, int steps, MemberView members, RowView rows, ReadOnlySpan<float> features, ReadOnlySpan<float> nearest, Span<float> given)
    {
        Correct(history, steps, members, rows.Plain, features, nearest);
        Blend(rows, given);
    }

    /// <summary>Learns from an outcome.</summary>
    /// <param name="slot">Where the prediction was kept.</param>
    /// <param name="outcome">What came.</param>
    /// <param name="rows">What there was besides the correction.</param>
    /// <param name="given">Filled with what was given, by the weights until now.</param>
    public void Learn(int slot, double outcome, RowView rows, Span<float> given)
    {
        _rows.Read(slot, _corrected);
        Blend(rows, given);
        _weights.Fade();
        _weights.Learn(outcome, Plain, rows.Plain, given);
        _weights.Learn(outcome, Corrected, _corrected, given);
        _weights.Learn(outcome, Last, rows.Last, given);
        _weights.Learn(outcome, Leader, rows.Leader, given);
        if (_scores < int.MaxValue) _scores++;
        _weights.Refresh(All, _scores);
        _errors.AsSpan(0, ErrorCount - 1).CopyTo(_errors.AsSpan(1));
        _errors[0] = (float)(outcome - _medians[slot]);
    }

    public void Save(StateWriter writer)
    {
        writer.Write(_scores);
        _rows.Save(writer);
        writer.Write(_medians);
        writer.Write(_errors);
        _weights.Save(writer);
    }

    public void Load(ref StateReader reader)
    {
        _scores = reader.ReadInt32();
        _rows.Load(ref reader);
        reader.Read(_medians);
        reader.Read(_errors);
        _weights.Load(ref reader);
        _weights.Refresh(All, _scores);
    }

    private void Correct(DemandHistory history, int steps, MemberView members, ReadOnlySpan<float> plain, ReadOnlySpan<float> features, ReadOnlySpan<float> nearest)
    {
        Span<float> errors = stackalloc float[CorrectionInputs.ErrorCount];
        var own = _errors.AsSpan(0, CorrectionInputs.ErrorCount - ErrorCount);
        own.CopyTo(errors);
        nearest.CopyTo(errors[own.Length..]);
        CorrectionInputs.Fill(history, steps, members, plain, features, errors, _inputs);
        _correction.Correct(history.Newest + steps, _inputs, plain, CorrectionInputs.SpreadOf(plain, history.Scale.Unit), _corrected);
    }

    private void Blend(RowView rows, Span<float> given)
    {
        given[..QuantileGrid.Count].Clear();
        Add(Plain, rows.Plain, given);
        Add(Corrected, _corrected, given);
        Add(Last, rows.Last, given);
        Add(Leader, rows.Leader, given);
        for (var level = 1; level < QuantileGrid.Count; level++) given[level] = Math.Max(given[level], given[level - 1]);
    }

    private void Add(int expert, ReadOnlySpan<float> row, Span<float> given) =>
        TensorPrimitives.MultiplyAdd(row[..QuantileGrid.Count], _weights.Of(expert), given[..QuantileGrid.Count], given[..QuantileGrid.Count]);
}

/// <summary>What an ensemble says of one step, by level of the grid.</summary>
internal readonly ref struct RowView
{
    /// <summary>The ensemble's quantiles.</summary>
    public required ReadOnlySpan<float> Plain { get; init; }

    /// <summary>The last value's.</summary>
    public required ReadOnlySpan<float> Last { get; init; }

    /// <summary>At each level those of the member with the most weight.</summary>
    public required ReadOnlySpan<float> Leader { get; init; }
}
