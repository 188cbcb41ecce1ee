using ControlPlane.Core.Forecasting.Ensemble;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.Members;

/// <summary>
/// Online ridge regression, one a horizon, of the change of the demand on one scale on the first so many <see cref="DemandFeatures"/>. Recent outcomes weigh
/// more, large errors less (Huber).
/// </summary>
internal sealed class CurveRidge : IDemandMember
{
    private const int SolveEvery = 6;
    private const int SolveEveryLater = 24;
    private const int ManyOutcomes = 600;
    private const int LeastOutcomes = 20;
    private const double LargestError = 3;
    private const double LargestChange = 8;
    private const float InterceptPenalty = 150;
    private const float LocalPenalty = 4;
    private const float BankPenalty = 10;
    private const float CurvePenalty = 40;
    private readonly int _scale;
    private readonly int _count;
    private readonly double[] _keep;
    private readonly RidgeEquations[] _equations;
    private readonly float[] _penalties;
    private readonly double[] _scratch;

    /// <param name="intervals">Time between two outcomes, by knot.</param>
    /// <param name="halfLife">When an outcome weighs half.</param>
    /// <param name="scale">The scale: 0 or 1.</param>
    /// <param name="count">How many of the features take part, from the first on.</param>
    public CurveRidge(TimeSpan[] intervals, TimeSpan halfLife, int scale, int count)
    {
        (_scale, _count) = (scale, count);
        _keep = [.. intervals.Select(interval => Math.Pow(2, -interval / halfLife))];
        _equations = [.. intervals.Select(_ => new RidgeEquations(count))];
        _scratch = new double[count * (count + 1) / 2];
        _penalties = [.. Enumerable.Range(0, count).Select(PenaltyOf)];
    }

    public bool IsRelative => _scale == 0;

    public double Predict(DemandHistory history, int knot, int steps, ReadOnlySpan<float> features)
    {
        var equations = _equations[knot];
        if (equations.Count < LeastOutcomes) return double.NaN;
        var limit = LargestChange * equations.ChangeScale;
        var change = equations.Dot(DemandFeatures.Of(_scale, features)[.._count]);
        return history.From(_scale, history.Recent(_scale)[0] + Math.Clamp(change, -limit, limit));
    }

    public void Learn(int knot, ReadOnlySpan<float> features, double origin, double outcome, DemandScale scale)
    {
        var equations = _equations[knot];
        var x = DemandFeatures.Of(_scale, features)[.._count];
        var change = scale.Change(_scale, origin, outcome);
        var error = change - equations.Dot(x);
        var size = equations.ErrorScale;
        var weight = size > 0 && Math.Abs(error) > LargestError * size ? LargestError * size / Math.Abs(error) : 1;
        equations.Add(x, change, error, weight, _keep[knot]);
        var every = equations.Count < ManyOutcomes ? SolveEvery : SolveEveryLater;
        if (equations.Count % every == 0 && equations.Count >= LeastOutcomes / 2) equations.Solve(_scratch, _penalties);
    }

    public void Save(StateWriter writer)
    {
        foreach (var equations in _equations) equations.Save(writer);
    }

    public void Load(ref StateReader reader)
    {
        foreach (var equations in _equations) equations.Load(ref reader);
    }

    private static float PenaltyOf(int feature) =>
        feature == 0 ? InterceptPenalty
        : feature < DemandFeatures.LocalCount ? LocalPenalty
        : feature < DemandFeatures.LocalCount + SmoothingBank.Count ? BankPenalty
        : CurvePenalty;
}
