using System.Runtime.Intrinsics;
using ControlPlane.Core.Forecasting.Members;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.Ensemble;

/// <summary>
/// One horizon of an ensemble: the predictions whose outcome is still open, what each member's errors were, the weights, and how
/// often the outcome lay below each quantile that was given.
/// </summary>
internal sealed class KnotTrack
{
    private const double InheritedGrowth = 1.4;
    private const int LeastErrorsToSpeak = 24;
    private const int RefreshEvery = 4;
    private const int FirstScores = 64;
    private const int HighLevels = QuantileGrid.Count - 8;

    /// <summary>Odd, so that sampling walks through the phases of a signal that changes every few steps.</summary>
    private const int ShortStride = 3;

    private static readonly TimeSpan ShortStep = TimeSpan.FromSeconds(30);
    private readonly IPointModel[] _models;
    private readonly int _features;
    private readonly int _knot;
    private readonly int _capacity;
    private readonly long[] _targets;
    private readonly float[] _points;
    private readonly float[] _rows;
    private readonly float[] _featureRows;
    private readonly double[] _origins;
    private readonly bool[] _awake;
    private readonly float[] _raw = new float[QuantileGrid.Count];
    private readonly Recalibration _calibration;
    private readonly ExpertWeights _weights;
    private bool _inherits = true;
    private int _scores;
    private int _head;
    private int _count;

    public KnotTrack(int knot, int steps, TimeSpan step, IPointModel[] models)
    {
        _knot = knot;
        Steps = steps;
        Stride = StrideOf(steps, step);
        _models = models;
        _capacity = steps / Stride + 1;
        _targets = new long[_capacity];
        _points = new float[_capacity * models.Length];
        _rows = new float[_capacity * QuantileGrid.Count];
        foreach (var model in models) _features += model.FeatureCount;
        _featureRows = new float[_capacity * _features];
        _origins = new double[_capacity];
        _awake = new bool[models.Length];
        Residuals = new ErrorDistribution[models.Length];
        for (var m = 0; m < models.Length; m++) Residuals[m] = new ErrorDistribution(step * Stride, ErrorBins.Wide);
        _weights = new ExpertWeights(models.Length, step * Stride);
        _calibration = new Recalibration(step * Stride);
    }

    public int Steps { get; }

    /// <summary>A prediction is kept for scoring every so many steps.</summary>
    public int Stride { get; }

    public ErrorDistribution[] Residuals { get; }

    /// <summary>Outcomes scored against the combination.</summary>
    public long Scored => _calibration.Count;

    /// <summary>Share of recent outcomes below what was given at a level of the grid.</summary>
    public double Covered(int level) => _calibration.Covered(level);

    /// <summary>How many steps lie between two predictions that are kept for scoring.</summary>
    public static int StrideOf(int steps, TimeSpan step) => Math.Max(step < ShortStep ? ShortStride : 1, steps / 4 | (steps > 4 ? 1 : 0));

    /// <summary>Learns from a prediction for this step, if one is open; forgets those whose step passed unseen.</summary>
    public void Score(long step, double outcome)
    {
        while (_count > 0 && _targets[_head] <= step)
        {
            if (_targets[_head] == step) Learn(_head, outcome);
            _head = (_head + 1) % _capacity;
            _count--;
        }
    }

    /// <summary>Predicts from now and keeps the prediction for scoring.</summary>
    public void Remember(DemandState state)
    {
        if (_count == _capacity) return;
        var slot = (_head + _count++) % _capacity;
        _targets[slot] = state.Newest + Steps;
        _origins[slot] = state.Z;
        PredictRaw(state, PointsOf(slot), FeaturesOf(slot), RowOf(slot));
    }

    /// <summary>The combined quantiles from now, by level of the grid; NaN while no member can speak.</summary>
    /// <param name="state">What is known.</param>
    /// <param name="points">Room for the members' middles.</param>
    /// <param name="features">Room for all features.</param>
    /// <param name="row">The answer.</param>
    public void Predict(DemandState state, Span<float> points, Span<float> features, Span<float> row)
    {
        PredictRaw(state, points, features, _raw);
        _calibration.Apply(_raw, row);
    }

    /// <summary>Before there are errors of its own: takes scales from the next nearer horizon.</summary>
    public void Inherit(KnotTrack nearer)
    {
        if (!_inherits) return;
        _inherits = false;
        for (var m = 0; m < Residuals.Length; m++)
        {
            if (Residuals[m].Count > 0) continue;
            Residuals[m].Inherit(nearer.Residuals[m].Scale * InheritedGrowth);
            _inherits = true;
        }
    }

    public void Save(StateWriter writer)
    {
        writer.Write(_scores);
        writer.Write(_head);
        writer.Write(_count);
        foreach (var target in _targets) writer.Write(target);
        writer.Write(_points);
        writer.Write(_rows);
        writer.Write(_featureRows);
        writer.Write(_origins);
        foreach (var awake in _awake) writer.Write(awake);
        _calibration.Save(writer);
        foreach (var residual in Residuals) residual.Save(writer);
        _weights.Save(writer);
    }

    public void Load(ref StateReader reader)
    {
        _scores = reader.ReadInt32();
        _head = reader.ReadInt32();
        _count = reader.ReadInt32();
        if (_head < 0 || _head >= _capacity || _count < 0 || _count > _capacity) throw reader.Flaw("its open predictions have no order");
        for (var i = 0; i < _capacity; i++) _targets[i] = reader.ReadInt64();
        reader.Read(_points);
        reader.Read(_rows);
        reader.Read(_featureRows);
        reader.Read(_origins);
        for (var m = 0; m < _awake.Length; m++) _awake[m] = reader.ReadBoolean();
        _calibration.Load(ref reader);
        foreach (var residual in Residuals) residual.Load(ref reader);
        _weights.Load(ref reader);
        _inherits = true;
    }

    private void PredictRaw(DemandState state, Span<float> points, Span<float> features, Span<float> row)
    {
        var offset = 0;
        for (var m = 0; m < _models.Length; m++)
        {
            var count = _models[m].FeatureCount;
            points[m] = (float)_models[m].Predict(state, _knot, Steps, features.Slice(offset, count));
            offset += count;
        }

        Combine(points, row);
    }

    private void Learn(int slot, double outcome)
    {
        var points = PointsOf(slot);
        var row = RowOf(slot);
        _weights.Learn(outcome, points, Residuals, row);
        if (!float.IsNaN(row[0])) Calibrate(row, outcome);
        var (offset, change) = (0, outcome - _origins[slot]);
        for (var m = 0; m < _models.Length; m++)
        {
            if (!float.IsNaN(points[m])) Residuals[m].Add(outcome - points[m]);
            var count = _models[m].FeatureCount;
            if (count > 0) _models[m].Learn(_knot, FeaturesOf(slot).Slice(offset, count), change);
            offset += count;
        }

        if (_scores < int.MaxValue && _scores++ % RefreshEvery != 0 && _scores > FirstScores) return;
        for (var m = 0; m < _models.Length; m++) _awake[m] = m == 0 || Residuals[m].Count >= LeastErrorsToSpeak;
        _weights.Refresh(_awake);
    }

    private void Calibrate(ReadOnlySpan<float> row, double outcome)
    {
        _calibration.Apply(row, _raw);
        _calibration.Add(row, _raw, outcome);
    }

    private void Combine(ReadOnlySpan<float> points, Span<float> row)
    {
        // The levels in two overlapping vectors: the lanes that both hold come out the same.
        Vector256<float> lowRow = default, lowTotal = default, highRow = default, highTotal = default;
        for (var m = 0; m < points.Length; m++)
        {
            if (!_awake[m] || float.IsNaN(points[m])) continue;
            var (point, scale) = (Vector256.Create(points[m]), Vector256.Create((float)Residuals[m].Scale));
            var weights = _weights.Of(m);
            var quantiles = Residuals[m].Quantiles;
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
            last = total[level] > 0 ? Math.Max(last, row[level] / total[level]) : points[0] + (float)Residuals[0].Quantile(level);
            row[level] = last;
        }
    }

    private Span<float> PointsOf(int slot) => _points.AsSpan(slot * _models.Length, _models.Length);

    private Span<float> RowOf(int slot) => _rows.AsSpan(slot * QuantileGrid.Count, QuantileGrid.Count);

    private Span<float> FeaturesOf(int slot) => _featureRows.AsSpan(slot * _features, _features);
}
