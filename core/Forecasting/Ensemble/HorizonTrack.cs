using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ControlPlane.Core.Forecasting.Members;
using ControlPlane.Core.Forecasting.Network;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.Ensemble;

/// <summary>
/// One horizon of the ensemble at steps of a minute or more: the predictions whose outcome is still open, what each member's errors were, the weights,
/// and how often the outcome lay below each quantile that was given. All in demands.
/// </summary>
internal sealed class HorizonTrack
{
    private const double InheritedGrowth = 1.2;
    private const int LeastErrorsToSpeak = 12;
    private const double CalibrationShrinkage = 600;
    private const int LeastErrorsToProfile = 20;
    private const int HighLevels = QuantileGrid.Count - 8;
    private static readonly TimeSpan CoarseStep = TimeSpan.FromMinutes(5);
    private static readonly float FirstPrior = MathF.Log(10);
    private static readonly TimeSpan PriorMemory = TimeSpan.FromHours(12);
    private readonly IDemandMember[] _members;
    private readonly ErrorProfile _profile;
    private readonly int _knot;
    private readonly int _capacity;
    private readonly long[] _targets;
    private readonly float[] _points;
    private readonly KeptRows _rows;
    private readonly Half[] _featureRows;
    private readonly float[] _features = new float[DemandFeatures.Total];
    private readonly float[] _origins;
    private readonly bool[] _awake;
    private readonly float[] _raw = new float[QuantileGrid.Count];
    private readonly float[] _plain = new float[QuantileGrid.Count];
    private readonly float[] _given = new float[QuantileGrid.Count];
    private readonly float[] _said = new float[QuantileGrid.Count];
    private readonly float[] _leader = new float[QuantileGrid.Count];
    private readonly float[] _sizes;
    private readonly float[] _medianWeights;
    private readonly ErrorDistribution[] _errors;
    private readonly Recalibration _calibration;
    private readonly LevelWeights _weights;
    private readonly RowCorrector? _corrector;
    private readonly HorizonTrack _nearest;
    private double _offset;
    private double _factor;
    private bool _inherits = true;
    private int _scores;
    private int _head;
    private int _count;

    /// <param name="knot">Its number.</param>
    /// <param name="steps">Steps ahead.</param>
    /// <param name="step">Length of a step.</param>
    /// <param name="members">The members.</param>
    /// <param name="profile">Sizes of errors by time of day.</param>
    /// <param name="correction">The shared network; null: none.</param>
    /// <param name="nearest">The nearest horizon; null: this one.</param>
    public HorizonTrack(int knot, int steps, TimeSpan step, IDemandMember[] members, ErrorProfile profile, IRowCorrection? correction, HorizonTrack? nearest)
    {
        (_knot, Steps, _members, _profile, _nearest) = (knot, steps, members, profile, nearest ?? this);
        Stride = StrideOf(steps, step);
        _capacity = steps / Stride + 1;
        _targets = new long[_capacity];
        _points = new float[_capacity * members.Length];
        _rows = new KeptRows(_capacity);
        _featureRows = new Half[_capacity * DemandFeatures.Total];
        _origins = new float[_capacity];
        _awake = new bool[members.Length];
        _errors = [.. members.Select(_ => new ErrorDistribution(step * Stride, ErrorBins.Near))];
        _sizes = new float[members.Length];
        _medianWeights = new float[members.Length];
        _weights = new LevelWeights([FirstPrior, .. new float[members.Length - 1]], PriorMemory, step * Stride);
        _corrector = correction is null ? null : new RowCorrector(correction, _capacity, step * Stride);
        _calibration = new Recalibration(step * Stride, CalibrationShrinkage);
    }

    public int Steps { get; }

    /// <summary>A prediction is kept for scoring every so many steps.</summary>
    public int Stride { get; }

    /// <summary>Outcomes scored against the combination.</summary>
    public long Scored => _calibration.Count;

    /// <summary>Share of recent outcomes below what was given at a level of the grid.</summary>
    public double Covered(int level) => _calibration.Covered(level);

    /// <summary>How many steps lie between two predictions that are kept: one, or about a tenth of a long horizon; odd, so that sampling walks through phases.</summary>
    public static int StrideOf(int steps, TimeSpan step) => step >= CoarseStep || steps < 6 ? 1 : steps / 8 | 3;

    /// <summary>Learns from a prediction for this step, if one is open; forgets those whose step passed unseen.</summary>
    public void Score(long step, double outcome, DemandScale scale)
    {
        while (_count > 0 && _targets[_head] <= step)
        {
            if (_targets[_head] == step) Learn(_head, outcome, scale);
            _head = (_head + 1) % _capacity;
            _count--;
        }
    }

    /// <summary>Predicts from now and keeps the prediction for scoring.</summary>
    public void Remember(DemandHistory history)
    {
        if (_count == _capacity) return;
        var slot = (_head + _count++) % _capacity;
        _targets[slot] = history.Newest + Steps;
        _origins[slot] = (float)history.Demand;
        DemandFeatures.Fill(history, Steps, _features);
        Keep(_features, slot);
        PredictRaw(history, Steps, PointsOf(slot), _features, _raw);
        _rows.Keep(slot, _raw, CorrectionInputs.SpreadOf(_raw, history.Scale.Unit));
        if (_corrector is null || float.IsNaN(_raw[0])) return;
        _calibration.Apply(_raw, _plain);
        _corrector.Remember(slot, history, Steps, ViewOf(PointsOf(slot)), _plain, _features, _nearest._corrector!.Errors);
    }

    /// <summary>The combined quantiles from now, by level of the grid; NaN while no member can speak.</summary>
    public void Predict(DemandHistory history, int steps, Span<float> points, ReadOnlySpan<float> features, Span<float> row)
    {
        PredictRaw(history, steps, points, features, _raw);
        _calibration.Apply(_raw, _plain);
        if (_corrector is null || float.IsNaN(_raw[0]))
        {
            _plain.CopyTo(row);
            return;
        }

        _corrector.Predict(history, steps, ViewOf(points), RowsOf(points), features, _nearest._corrector!.Errors, row);
    }

    /// <summary>Before there are errors of its own: takes scales from the next nearer horizon.</summary>
    public void Inherit(HorizonTrack nearer)
    {
        if (!_inherits) return;
        _inherits = false;
        for (var m = 0; m < _errors.Length; m++)
        {
            if (_errors[m].Count > 0) continue;
            _errors[m].Inherit(nearer._errors[m].Scale * InheritedGrowth);
            _inherits = true;
        }
    }

    public void Save(StateWriter writer)
    {
        writer.Write(_scores);
        writer.Write(_head);
        writer.Write(_count);
        foreach (var target in _targets) writer.Write((int)target);
        writer.Write(_points);
        _rows.Save(writer);
        writer.Write(MemoryMarshal.Cast<Half, ushort>(_featureRows));
        writer.Write(_origins);
        _calibration.Save(writer);
        foreach (var errors in _errors) errors.Save(writer);
        _weights.Save(writer);
        _corrector?.Save(writer);
    }

    public void Load(ref StateReader reader)
    {
        _scores = reader.ReadInt32();
        _head = reader.ReadInt32();
        _count = reader.ReadInt32();
        if (_head < 0 || _head >= _capacity || _count < 0 || _count > _capacity) throw reader.Flaw("its open predictions have no order");
        for (var i = 0; i < _capacity; i++) _targets[i] = reader.ReadInt32();
        reader.Read(_points);
        _rows.Load(ref reader);
        reader.Read(MemoryMarshal.Cast<Half, ushort>(_featureRows.AsSpan()));
        reader.Read(_origins);
        _calibration.Load(ref reader);
        foreach (var errors in _errors) errors.Load(ref reader);
        _weights.Load(ref reader);
        _corrector?.Load(ref reader);
        _inherits = true;
        if (_scores > 0) Wake();
    }

    private void PredictRaw(DemandHistory history, int steps, Span<float> points, ReadOnlySpan<float> features, Span<float> row)
    {
        _offset = history.Scale.Offset;
        for (var m = 0; m < _members.Length; m++) points[m] = (float)_members[m].Predict(history, _knot, steps, features);

        _factor = _profile.FactorAt(history.Newest + steps);
        Combine(points, row);
    }

    private double SizeOf(int member, float point) => _members[member].IsRelative ? _factor * (point + _offset) : _factor;

    private void Learn(int slot, double outcome, DemandScale scale)
    {
        _factor = _profile.FactorAt(_targets[slot]);
        _offset = scale.Offset;
        var points = PointsOf(slot);
        _rows.Read(slot, _raw);
        if (!float.IsNaN(_raw[0]))
        {
            LearnWeights(slot, outcome);
            LearnGiven(slot, outcome);
        }

        TensorPrimitives.ConvertToSingle(FeaturesOf(slot), _features);
        for (var m = 0; m < _members.Length; m++)
        {
            if (!float.IsNaN(points[m])) _errors[m].Add((outcome - points[m]) / SizeOf(m, points[m]));
            _members[m].Learn(_knot, _features, _origins[slot], outcome, scale);
        }

        if (_scores < int.MaxValue) _scores++;
        Wake();
    }

    private void Wake()
    {
        for (var m = 0; m < _members.Length; m++) _awake[m] = m == 0 || _errors[m].Count >= LeastErrorsToSpeak;
        _weights.Refresh(_awake, _scores);
    }

    private void LearnWeights(int slot, double outcome)
    {
        var points = PointsOf(slot);
        var expected = 0.0;
        _weights.Fade();
        for (var m = 0; m < _members.Length; m++)
        {
            if (float.IsNaN(points[m])) continue;
            var size = (float)(SizeOf(m, points[m]) * _errors[m].Scale);
            expected += _weights.Of(m)[QuantileGrid.Median] * size;
            var quantiles = _errors[m].Quantiles;
            for (var level = 0; level < _said.Length; level++) _said[level] = points[m] + size * quantiles[level];
            _weights.Learn(outcome, m, _said, _raw);
        }

        if (expected > 0 && _errors[0].Count > LeastErrorsToProfile) _profile.Add(_targets[slot], Math.Abs(outcome - _raw[QuantileGrid.Median]) * _factor / expected);
    }

    private void LearnGiven(int slot, double outcome)
    {
        _calibration.Apply(_raw, _plain);
        if (_corrector is null) _plain.CopyTo(_given, 0);
        else _corrector.Learn(slot, outcome, RowsOf(PointsOf(slot)), _given);
        _calibration.Add(_raw, _given, outcome);
    }

    /// <summary>The ensemble's calibrated quantiles, those of the last value, which is the first member, and those of the members with the most weight.</summary>
    private RowView RowsOf(ReadOnlySpan<float> points)
    {
        var least = float.NegativeInfinity;
        for (var level = 0; level < QuantileGrid.Count; level++)
        {
            _said[level] = QuantileOf(0, points[0], level);
            var leader = 0;
            for (var m = 1; m < points.Length; m++)
            {
                if (_awake[m] && !float.IsNaN(points[m]) && _weights.Of(m)[level] > _weights.Of(leader)[level]) leader = m;
            }

            _leader[level] = least = Math.Max(least, QuantileOf(leader, points[leader], level));
        }

        return new RowView { Plain = _plain, Last = _said, Leader = _leader };
    }

    private float QuantileOf(int member, float point, int level) => point + (float)(SizeOf(member, point) * _errors[member].Quantile(level));

    private MemberView ViewOf(ReadOnlySpan<float> points)
    {
        for (var m = 0; m < points.Length; m++)
        {
            _sizes[m] = (float)(SizeOf(m, points[m]) * _errors[m].Scale);
            _medianWeights[m] = _weights.Of(m)[QuantileGrid.Median];
        }

        return new MemberView { Points = points, Sizes = _sizes, IsAwake = _awake, Weights = _medianWeights };
    }

    private void Combine(ReadOnlySpan<float> points, Span<float> row)
    {
        // The levels in two overlapping vectors: the lanes that both hold come out the same.
        Vector256<float> lowRow = default, lowTotal = default, highRow = default, highTotal = default;
        for (var m = 0; m < points.Length; m++)
        {
            if (!_awake[m] || float.IsNaN(points[m])) continue;
            var (point, scale) = (Vector256.Create(points[m]), Vector256.Create((float)(SizeOf(m, points[m]) * _errors[m].Scale)));
            var weights = _weights.Of(m);
            var quantiles = _errors[m].Quantiles;
            var (low, high) = (Vector256.Create(weights), Vector256.Create(weights[HighLevels..]));
            lowRow += low * (point + scale * Vector256.Create(quantiles));
            highRow += high * (point + scale * Vector256.Create(quantiles[HighLevels..]));
            lowTotal += low;
            highTotal += high;
        }

        Span<float> total = stackalloc float[QuantileGrid.Count];
        lowRow.CopyTo(row);
        highRow.CopyTo(row[HighLevels..]);
        lowTotal.CopyTo(total);
        highTotal.CopyTo(total[HighLevels..]);
        var last = float.NegativeInfinity;
        for (var level = 0; level < row.Length; level++)
        {
            var value = total[level] > 0 ? row[level] / total[level] : points[0] + (float)(SizeOf(0, points[0]) * _errors[0].Quantile(level));
            row[level] = last = Math.Max(last, value);
        }
    }

    private Span<float> PointsOf(int slot) => _points.AsSpan(slot * _members.Length, _members.Length);

    /// <summary>In half precision: their state is what costs.</summary>
    private void Keep(ReadOnlySpan<float> features, int slot)
    {
        var kept = FeaturesOf(slot);
        for (var i = 0; i < kept.Length; i++) kept[i] = (Half)Math.Clamp(features[i], (float)Half.MinValue, (float)Half.MaxValue);
    }

    private Span<Half> FeaturesOf(int slot) => _featureRows.AsSpan(slot * DemandFeatures.Total, DemandFeatures.Total);
}
