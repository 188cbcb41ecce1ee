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
    private static readonly TimeSpan CoverageMemory = TimeSpan.FromDays(3);
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
    private readonly double[] _covered = new double[QuantileGrid.Count];
    private readonly double _coverageAlpha;
    private readonly ExpertWeights _weights;
    private int _head;
    private int _count;

    public KnotTrack(int knot, int steps, TimeSpan step, IPointModel[] models)
    {
        _knot = knot;
        Steps = steps;
        Stride = Math.Max(1, steps / 4);
        _models = models;
        _capacity = steps / Stride + 1;
        _targets = new long[_capacity];
        _points = new float[_capacity * models.Length];
        _rows = new float[_capacity * QuantileGrid.Count];
        foreach (var model in models) _features += model.FeatureCount;
        _featureRows = new float[_capacity * _features];
        _origins = new double[_capacity];
        _awake = new bool[models.Length];
        Residuals = new ResidualDistribution[models.Length];
        for (var m = 0; m < models.Length; m++) Residuals[m] = new ResidualDistribution(step * Stride);
        _weights = new ExpertWeights(models.Length, step * Stride);
        _coverageAlpha = 1 - Math.Exp(-Stride * (step / CoverageMemory));
    }

    public int Steps { get; }

    /// <summary>A prediction is kept for scoring every so many steps.</summary>
    public int Stride { get; }

    public ResidualDistribution[] Residuals { get; }

    /// <summary>Outcomes scored against the combination.</summary>
    public long Scored { get; private set; }

    /// <summary>Share of outcomes below a level of the grid, recent days first in weight.</summary>
    public double Covered(int level) => _covered[level];

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
        Predict(state, PointsOf(slot), FeaturesOf(slot), RowOf(slot));
    }

    /// <summary>The combined quantiles from now, by level of the grid; NaN while no member can speak.</summary>
    /// <param name="state">What is known.</param>
    /// <param name="points">Room for the members' middles.</param>
    /// <param name="features">Room for all features.</param>
    /// <param name="row">The answer.</param>
    public void Predict(DemandState state, Span<float> points, Span<float> features, Span<float> row)
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

    /// <summary>Before there are errors of its own: takes scales from the next nearer horizon.</summary>
    public void Inherit(KnotTrack nearer)
    {
        for (var m = 0; m < Residuals.Length; m++)
        {
            if (Residuals[m].Count == 0) Residuals[m].Inherit(nearer.Residuals[m].Scale * InheritedGrowth);
        }
    }

    public void Save(StateWriter writer)
    {
        writer.Write(_head);
        writer.Write(_count);
        writer.Write(Scored);
        foreach (var target in _targets) writer.Write(target);
        writer.Write(_points);
        writer.Write(_rows);
        writer.Write(_featureRows);
        writer.Write(_origins);
        foreach (var awake in _awake) writer.Write(awake);
        writer.Write(_covered);
        foreach (var residual in Residuals) residual.Save(writer);
        _weights.Save(writer);
    }

    public void Load(ref StateReader reader)
    {
        _head = reader.ReadInt32();
        _count = reader.ReadInt32();
        Scored = reader.ReadInt64();
        if (_head < 0 || _head >= _capacity || _count < 0 || _count > _capacity) throw reader.Flaw("its open predictions have no order");
        for (var i = 0; i < _capacity; i++) _targets[i] = reader.ReadInt64();
        reader.Read(_points);
        reader.Read(_rows);
        reader.Read(_featureRows);
        reader.Read(_origins);
        for (var m = 0; m < _awake.Length; m++) _awake[m] = reader.ReadBoolean();
        reader.Read(_covered);
        foreach (var residual in Residuals) residual.Load(ref reader);
        _weights.Load(ref reader);
    }

    private void Learn(int slot, double outcome)
    {
        var points = PointsOf(slot);
        var row = RowOf(slot);
        _weights.Learn(outcome, points, Residuals, row);
        if (!float.IsNaN(row[0])) Cover(row, outcome);
        var (offset, change) = (0, outcome - _origins[slot]);
        for (var m = 0; m < _models.Length; m++)
        {
            if (!float.IsNaN(points[m])) Residuals[m].Add(outcome - points[m]);
            var count = _models[m].FeatureCount;
            if (count > 0) _models[m].Learn(_knot, FeaturesOf(slot).Slice(offset, count), change);
            offset += count;
        }

        for (var m = 0; m < _models.Length; m++) _awake[m] = m == 0 || Residuals[m].Count >= LeastErrorsToSpeak;
        _weights.Refresh(_awake);
    }

    private void Cover(ReadOnlySpan<float> row, double outcome)
    {
        Scored++;
        var alpha = Math.Max(_coverageAlpha, 1.0 / Scored);
        for (var level = 0; level < row.Length; level++) _covered[level] += alpha * ((outcome <= row[level] ? 1 : 0) - _covered[level]);
    }

    private void Combine(ReadOnlySpan<float> points, Span<float> row)
    {
        var last = double.NegativeInfinity;
        for (var level = 0; level < row.Length; level++)
        {
            var weights = _weights.Of(ExpertWeights.BandOf(level));
            var (sum, total) = (0.0, 0.0);
            for (var m = 0; m < points.Length; m++)
            {
                if (weights[m] == 0 || float.IsNaN(points[m])) continue;
                sum += weights[m] * (points[m] + Residuals[m].Quantile(level));
                total += weights[m];
            }

            last = total > 0 ? Math.Max(last, sum / total) : points[0] + Residuals[0].Quantile(level);
            row[level] = (float)last;
        }
    }

    private Span<float> PointsOf(int slot) => _points.AsSpan(slot * _models.Length, _models.Length);

    private Span<float> RowOf(int slot) => _rows.AsSpan(slot * QuantileGrid.Count, QuantileGrid.Count);

    private Span<float> FeaturesOf(int slot) => _featureRows.AsSpan(slot * _features, _features);
}
