using ControlPlane.Core.Forecasting.Members;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.Ensemble;

/// <summary>Eight horizons up to an hour (twelve steps when steps are longer than five minutes), for steps of a minute or more.</summary>
internal sealed class CoarseHorizons : HorizonBank
{
    private static readonly int[] InSteps = [1, 2, 3, 4, 6, 8, 10, 12];
    private static readonly int[] InMinutes = [1, 3, 5, 10, 15, 25, 40, 60];
    private readonly IDemandMember[] _members;
    private readonly HorizonTrack[] _tracks;
    private readonly DemandHistory _history;
    private readonly ErrorProfile _profile;
    private readonly float[] _points;
    private readonly float[] _features;
    private readonly float[] _row = new float[QuantileGrid.Count];
    private readonly float[] _near = new float[QuantileGrid.Count];

    public CoarseHorizons(TimeSpan step, IDemandMember[] members)
    {
        _members = members;
        _history = new DemandHistory(step);
        var horizons = HorizonsFor(step);
        _profile = new ErrorProfile(step, horizons.Sum(steps => Math.Max(1, TimeSpan.FromMinutes(5) / step) / HorizonTrack.StrideOf(steps, step)));
        _tracks = [.. horizons.Select((steps, k) => new HorizonTrack(k, steps, step, members, _profile))];
        _points = new float[members.Length];
        _features = new float[members.Sum(member => member.FeatureCount)];
    }

    public override int Count => _tracks.Length;

    public override long Newest => _history.Newest;

    public static int[] HorizonsFor(TimeSpan step) => step >= TimeSpan.FromMinutes(5)
        ? InSteps
        : [.. InMinutes.Select(minutes => (int)Math.Ceiling(TimeSpan.FromMinutes(minutes) / step)).Distinct()];

    public override int StepsOf(int knot) => _tracks[knot].Steps;

    public override void Begin(DemandScale scale) => _history.Scale = scale;

    public override void Advance(long step, double demand)
    {
        foreach (var track in _tracks) track.Score(step, demand, _history.Scale);
        _history.Update(step, demand);
        for (var k = 0; k < _tracks.Length; k++)
        {
            if (k > 0) _tracks[k].Inherit(_tracks[k - 1]);
            if ((step + k) % _tracks[k].Stride == 0) _tracks[k].Remember(_history);
        }
    }

    public override bool Predict(int age, int horizon, ReadOnlySpan<(int Index, double Share)> places, Span<float> values)
    {
        var k = 0;
        for (var h = 1; h <= horizon; h++)
        {
            var steps = h + age;
            while (k < _tracks.Length - 1 && _tracks[k].Steps < steps) k++;
            var row = values.Slice((h - 1) * places.Length, places.Length);
            if (steps > _tracks[^1].Steps && h > 1)
            {
                values.Slice((h - 2) * places.Length, places.Length).CopyTo(row);
                continue;
            }

            if (!Predict(k, Math.Min(steps, _tracks[^1].Steps))) return false;
            for (var q = 0; q < places.Length; q++)
            {
                var (index, share) = places[q];
                row[q] = (float)(_row[index] + share * (_row[index + 1] - _row[index]));
            }
        }

        return true;
    }

    public override long Scored(int knot) => _tracks[knot].Scored;

    public override double Covered(int knot, int level) => _tracks[knot].Covered(level);

    public override void Save(StateWriter writer)
    {
        _history.Save(writer);
        _profile.Save(writer);
        foreach (var member in _members) member.Save(writer);
        foreach (var track in _tracks) track.Save(writer);
    }

    public override void Load(ref StateReader reader)
    {
        _history.Load(ref reader);
        _profile.Load(ref reader);
        foreach (var member in _members) member.Load(ref reader);
        foreach (var track in _tracks) track.Load(ref reader);
    }

    /// <summary>Between two modelled horizons both speak about the step that is asked for, and count by their distance.</summary>
    private bool Predict(int knot, int steps)
    {
        var far = _tracks[knot];
        far.Predict(_history, steps, _points, _features, _row);
        if (float.IsNaN(_row[0])) return false;
        if (far.Steps == steps || knot == 0) return true;
        var near = _tracks[knot - 1];
        near.Predict(_history, steps, _points, _features, _near);
        var share = (float)(steps - near.Steps) / (far.Steps - near.Steps);
        for (var level = 0; level < _row.Length; level++) _row[level] = (1 - share) * _near[level] + share * _row[level];
        return !float.IsNaN(_row[0]);
    }
}
