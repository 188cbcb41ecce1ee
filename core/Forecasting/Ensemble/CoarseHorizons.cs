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
    private readonly float[] _points;
    private readonly float[] _features;
    private readonly float[] _row = new float[QuantileGrid.Count];

    public CoarseHorizons(TimeSpan step, IDemandMember[] members)
    {
        _members = members;
        _history = new DemandHistory(step);
        _tracks = [.. HorizonsFor(step).Select((steps, k) => new HorizonTrack(k, steps, step, members))];
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

    public override bool Predict(int knot, ReadOnlySpan<(int Index, double Share)> places, Span<float> quantiles)
    {
        _tracks[knot].Predict(_history, _points, _features, _row);
        if (float.IsNaN(_row[0])) return false;
        for (var q = 0; q < places.Length; q++)
        {
            var (index, share) = places[q];
            quantiles[q] = (float)(_row[index] + share * (_row[index + 1] - _row[index]));
        }

        return true;
    }

    public override long Scored(int knot) => _tracks[knot].Scored;

    public override double Covered(int knot, int level) => _tracks[knot].Covered(level);

    public override void Save(StateWriter writer)
    {
        _history.Save(writer);
        foreach (var member in _members) member.Save(writer);
        foreach (var track in _tracks) track.Save(writer);
    }

    public override void Load(ref StateReader reader)
    {
        _history.Load(ref reader);
        foreach (var member in _members) member.Load(ref reader);
        foreach (var track in _tracks) track.Load(ref reader);
    }
}
