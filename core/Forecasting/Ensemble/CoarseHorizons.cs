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
    private readonly ResidualStage? _residuals;
    private readonly float[] _points;
    private readonly float[] _features;
    private readonly float[] _row = new float[QuantileGrid.Count];
    private readonly float[] _nearer = new float[QuantileGrid.Count];

    /// <summary>The rows before the last stage by steps ahead, and the step they were made after: a forecast asks for what was just remembered.</summary>
    private readonly float[] _combined;
    private readonly long[] _combinedAfter;

    /// <param name="step">Length of a step.</param>
    /// <param name="members">The members.</param>
    /// <param name="correction">The shared network, which wants all members of <see cref="MemberSet"/>; null: none.</param>
    /// <param name="residuals">The last stage; null: none.</param>
    public CoarseHorizons(TimeSpan step, IDemandMember[] members, IRowCorrection? correction = null, ResidualStage? residuals = null)
    {
        (_members, _residuals) = (members, residuals);
        _history = new DemandHistory(step);
        var horizons = HorizonsFor(step);
        _profile = new ErrorProfile(step, horizons.Sum(steps => Math.Max(1, TimeSpan.FromMinutes(5) / step) / HorizonTrack.StrideOf(steps, step)));
        _tracks = new HorizonTrack[horizons.Length];
        for (var k = 0; k < _tracks.Length; k++) _tracks[k] = new HorizonTrack(k, horizons[k], step, members, _profile, correction, k > 0 ? _tracks[0] : null);
        _points = new float[members.Length];
        _combined = new float[(horizons[^1] + 1) * QuantileGrid.Count];
        _combinedAfter = new long[horizons[^1] + 1];
        Array.Fill(_combinedAfter, -1);
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
        _residuals?.Learn(step, demand, _history.Past);
        _history.Update(step, demand);
        for (var k = 0; k < _tracks.Length; k++)
        {
            if (k > 0) _tracks[k].Inherit(_tracks[k - 1]);
            if ((step + k) % _tracks[k].Stride == 0) _tracks[k].Remember(_history);
        }

        for (var k = 0; k < _residuals?.Count; k++)
        {
            if (_residuals.IsDue(k, step) && Combine(_residuals.StepsOf(k))) _residuals.Remember(k, _history, _row);
        }
    }

    public override bool Predict(int age, int horizon, ReadOnlySpan<(int Index, double Share)> places, Span<float> values)
    {
        var longest = _tracks[^1].Steps;
        for (var h = 1; h <= horizon; h++)
        {
            var steps = h + age;
            var row = values.Slice((h - 1) * places.Length, places.Length);
            if (steps > longest && h > 1)
            {
                values.Slice((h - 2) * places.Length, places.Length).CopyTo(row);
                continue;
            }

            if (!PredictAt(Math.Min(steps, longest))) return false;
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
        _residuals?.Save(writer);
    }

    public override void Load(ref StateReader reader)
    {
        _history.Load(ref reader);
        _profile.Load(ref reader);
        foreach (var member in _members) member.Load(ref reader);
        foreach (var track in _tracks) track.Load(ref reader);
        _residuals?.Load(ref reader);
        Array.Fill(_combinedAfter, -1);
    }

    /// <summary>Fills the row for one step ahead, at most the last modelled horizon.</summary>
    /// <returns>Whether any member can speak.</returns>
    public bool PredictAt(int steps)
    {
        if (!Combine(steps)) return false;
        _residuals?.Apply(steps, _history, _row);
        return true;
    }

    /// <summary>The row before the last stage: between two modelled horizons both speak about that step, with its features, the nearer one with more weight.</summary>
    private bool Combine(int steps)
    {
        var combined = _combined.AsSpan(steps * QuantileGrid.Count, QuantileGrid.Count);
        if (_combinedAfter[steps] != Newest)
        {
            CombineAnew(steps);
            _row.CopyTo(combined);
            _combinedAfter[steps] = Newest;
        }
        else
        {
            combined.CopyTo(_row);
        }

        return !float.IsNaN(_row[0]);
    }

    private void CombineAnew(int steps)
    {
        var k = 0;
        while (_tracks[k].Steps < steps) k++;
        DemandFeatures.Fill(_history, steps, _features);
        _tracks[k].Predict(_history, steps, _points, _features, _row);
        if (steps < _tracks[k].Steps)
        {
            _tracks[k - 1].Predict(_history, steps, _points, _features, _nearer);
            var share = (float)(_tracks[k].Steps - steps) / (_tracks[k].Steps - _tracks[k - 1].Steps);
            for (var level = 0; level < _row.Length; level++) _row[level] += share * (_nearer[level] - _row[level]);
        }
    }
}
