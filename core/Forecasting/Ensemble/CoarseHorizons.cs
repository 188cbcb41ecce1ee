using ControlPlane.Core.Forecasting.Members;
using ControlPlane.Core.Forecasting.Network;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.Ensemble;

/// <summary>Five horizons up to an hour (twelve steps when steps are longer than five minutes), for steps of a minute or more.</summary>
internal sealed class CoarseHorizons : HorizonBank
{
    private static readonly int[] InSteps = [1, 2, 4, 7, 12];
    private static readonly int[] InMinutes = [1, 4, 12, 30, 60];
    private readonly IDemandMember[] _members;
    private readonly HorizonTrack[] _tracks;
    private readonly DemandHistory _history;
    private readonly ErrorProfile _profile;
    private readonly float[] _points;
    private readonly float[] _features;
    private readonly float[] _row = new float[QuantileGrid.Count];

    /// <param name="step">Length of a step.</param>
    /// <param name="members">The members.</param>
    /// <param name="correction">The shared network, which wants all members of <see cref="MemberSet"/>; null: none.</param>
    public CoarseHorizons(TimeSpan step, IDemandMember[] members, IRowCorrection? correction = null)
    {
        _members = members;
        _history = new DemandHistory(step);
        var horizons = HorizonsFor(step);
        _profile = new ErrorProfile(step, horizons.Sum(steps => Math.Max(1, TimeSpan.FromMinutes(5) / step) / HorizonTrack.StrideOf(steps, step)));
        _tracks = new HorizonTrack[horizons.Length];
        for (var k = 0; k < _tracks.Length; k++) _tracks[k] = new HorizonTrack(k, horizons[k], step, members, _profile, correction, k > 0 ? _tracks[0] : null);
        _points = new float[members.Length];
        _features = new float[DemandFeatures.Total];
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

    /// <summary>Between two modelled horizons the nearer one speaks about the step that is asked for, with that step's features.</summary>
    private bool Predict(int knot, int steps)
    {
        DemandFeatures.Fill(_history, steps, _features);
        var nearer = knot > 0 && 2 * steps < _tracks[knot - 1].Steps + _tracks[knot].Steps ? knot - 1 : knot;
        _tracks[nearer].Predict(_history, steps, _points, _features, _row);
        return !float.IsNaN(_row[0]);
    }
}
