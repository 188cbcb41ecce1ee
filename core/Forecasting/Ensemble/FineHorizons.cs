using ControlPlane.Core.Forecasting.Members;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.Ensemble;

/// <summary>Horizons 1, 2, 4, 8, … steps on the logarithm of the demand.</summary>
internal sealed class FineHorizons : HorizonBank
{
    private readonly IPointModel[] _models;
    private readonly KnotTrack[] _knots;
    private readonly DemandState _state;
    private readonly float[] _points;
    private readonly float[] _features;
    private readonly float[] _row = new float[QuantileGrid.Count];
    private float[] _atKnots = [];
    private DemandScale _scale;

    public FineHorizons(TimeSpan step, IPointModel[] models)
    {
        _models = models;
        _state = new DemandState(step);
        _knots = new KnotTrack[CountFor(step)];
        for (var k = 0; k < _knots.Length; k++) _knots[k] = new KnotTrack(k, 1 << k, step, models);
        _points = new float[models.Length];
        _features = new float[models.Sum(model => model.FeatureCount)];
    }

    public override int Count => _knots.Length;

    public override long Newest => _state.Newest;

    public static int CountFor(TimeSpan step)
    {
        var count = 4;
        while (count < 13 && step * (1 << (count - 1)) < DemandForecaster.LongestHorizonAt(step)) count++;
        return count;
    }

    public override int StepsOf(int knot) => _knots[knot].Steps;

    public override void Begin(DemandScale scale) => _scale = scale;

    public override void Advance(long step, double demand)
    {
        var z = _scale.ToModel(demand);
        foreach (var knot in _knots) knot.Score(step, z);
        _state.Update(step, z);
        foreach (var model in _models) model.Update(_state);
        for (var k = 0; k < _knots.Length; k++)
        {
            if (k > 0) _knots[k].Inherit(_knots[k - 1]);
            if ((step + k) % _knots[k].Stride == 0) _knots[k].Remember(_state);
        }
    }

    public override bool Predict(int age, int horizon, ReadOnlySpan<(int Index, double Share)> places, Span<float> values)
    {
        if (_atKnots.Length != _knots.Length * places.Length) _atKnots = new float[_knots.Length * places.Length];
        for (var k = 0; k < _knots.Length; k++)
        {
            _knots[k].Predict(_state, _points, _features, _row);
            if (float.IsNaN(_row[0])) return false;
            for (var q = 0; q < places.Length; q++)
            {
                var (index, share) = places[q];
                _atKnots[k * places.Length + q] = (float)_scale.ToDemand(_row[index] + share * (_row[index + 1] - _row[index]));
            }

            if (_knots[k].Steps >= horizon + age) break;
        }

        Interpolate(age, horizon, places.Length, values);
        return true;
    }

    public override long Scored(int knot) => _knots[knot].Scored;

    public override double Covered(int knot, int level) => _knots[knot].Covered(level);

    public override void Save(StateWriter writer)
    {
        _state.Save(writer);
        foreach (var model in _models) model.Save(writer);
        foreach (var knot in _knots) knot.Save(writer);
    }

    public override void Load(ref StateReader reader)
    {
        _state.Load(ref reader);
        foreach (var model in _models) model.Load(ref reader);
        foreach (var knot in _knots) knot.Load(ref reader);
    }

    private void Interpolate(int age, int horizon, int quantiles, Span<float> values)
    {
        var k = 0;
        for (var h = 1; h <= horizon; h++)
        {
            var steps = Math.Min(h + age, _knots[^1].Steps);
            while (_knots[k].Steps < steps) k++;
            var row = values.Slice((h - 1) * quantiles, quantiles);
            var far = _atKnots.AsSpan(k * quantiles, quantiles);
            if (_knots[k].Steps == steps)
            {
                far.CopyTo(row);
                continue;
            }

            var near = _atKnots.AsSpan((k - 1) * quantiles, quantiles);
            var share = (float)(steps - _knots[k - 1].Steps) / (_knots[k].Steps - _knots[k - 1].Steps);
            // A sum of shares: each operation keeps the order of the quantiles, which near + share·(far − near) does not.
            for (var q = 0; q < quantiles; q++) row[q] = (1 - share) * near[q] + share * far[q];
        }
    }
}
