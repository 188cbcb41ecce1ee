using ControlPlane.Core.Forecasting.Ensemble;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.Members;

/// <summary>
/// Online ridge regression, one a horizon, of the change of the demand on one scale: on how far the newest value lies from the values and the means
/// before it and, if seasonal, on what yesterday, the daily profile, last week and five seasonal smoothings say. Recent weeks weigh more, large errors
/// less (Huber).
/// </summary>
internal sealed class CurveRidge : IDemandMember
{
    private const int LocalCount = 1 + DemandHistory.Lags + DemandHistory.Means;
    private const int CurveCount = 9;
    private const int SolveEvery = 6;
    private const int LeastOutcomes = 20;
    private const double LargestError = 3;
    private const double LargestChange = 8;
    private const float InterceptPenalty = 150;
    private const float LocalPenalty = 4;
    private const float CurvePenalty = 40;
    private const float BankPenalty = 10;
    private readonly int _scale;
    private readonly bool _isSeasonal;
    private readonly double[] _keep;
    private readonly RidgeEquations[] _equations;
    private readonly float[] _penalties;
    private readonly double[] _scratch;

    /// <param name="intervals">Time between two outcomes, by knot.</param>
    /// <param name="halfLife">When an outcome weighs half.</param>
    /// <param name="scale">The scale: 0 or 1.</param>
    /// <param name="isSeasonal">Whether the seasonal features take part.</param>
    public CurveRidge(TimeSpan[] intervals, TimeSpan halfLife, int scale, bool isSeasonal)
    {
        (_scale, _isSeasonal) = (scale, isSeasonal);
        FeatureCount = isSeasonal ? LocalCount + CurveCount + SmoothingBank.Count : LocalCount;
        _keep = [.. intervals.Select(interval => Math.Pow(2, -interval / halfLife))];
        _equations = [.. intervals.Select(_ => new RidgeEquations(FeatureCount))];
        _scratch = new double[FeatureCount * (FeatureCount + 1) / 2];
        _penalties = new float[FeatureCount];
        for (var i = 0; i < FeatureCount; i++)
            _penalties[i] = i == 0 ? InterceptPenalty : i < LocalCount ? LocalPenalty : i < LocalCount + CurveCount ? CurvePenalty : BankPenalty;
    }

    public bool IsRelative => _scale == 0;

    public int FeatureCount { get; }

    public double Predict(DemandHistory history, int knot, int steps, Span<float> features)
    {
        FillLocal(history, features);
        if (_isSeasonal)
        {
            FillCurves(history, steps, features[LocalCount..]);
            FillBank(history, steps, features[(LocalCount + CurveCount)..]);
        }

        var equations = _equations[knot];
        if (equations.Count < LeastOutcomes) return double.NaN;
        var limit = LargestChange * equations.ChangeScale;
        return history.From(_scale, history.Recent(_scale)[0] + Math.Clamp(equations.Dot(features), -limit, limit));
    }

    public void Learn(int knot, ReadOnlySpan<float> features, double origin, double outcome, DemandScale scale)
    {
        var equations = _equations[knot];
        var change = _scale == 0 ? scale.ToModel(outcome) - scale.ToModel(origin) : (outcome - origin) / scale.Unit;
        var error = change - equations.Dot(features);
        var size = equations.ErrorScale;
        var weight = size > 0 && Math.Abs(error) > LargestError * size ? LargestError * size / Math.Abs(error) : 1;
        equations.Add(features, change, error, weight, _keep[knot]);
        if (equations.Count % SolveEvery == 0 && equations.Count >= LeastOutcomes / 2) equations.Solve(_scratch, _penalties);
    }

    public void Save(StateWriter writer)
    {
        foreach (var equations in _equations) equations.Save(writer);
    }

    public void Load(ref StateReader reader)
    {
        foreach (var equations in _equations) equations.Load(ref reader);
    }

    private void FillLocal(DemandHistory history, Span<float> features)
    {
        var recent = history.Recent(_scale);
        var means = history.MeansOf(_scale);
        features[0] = 1;
        for (var i = 1; i < recent.Length; i++) features[i] = (float)(recent[0] - recent[i]);
        for (var i = 0; i < means.Length; i++) features[recent.Length + i] = (float)(recent[0] - means[i]);
    }

    private void FillCurves(DemandHistory history, int steps, Span<float> features)
    {
        var (season, now) = (history.Season, history.Newest);
        var value = history.Recent(_scale)[0];
        var then = now + steps;
        Fill(history, season.Before(now, 1, smooth: true), season.Before(then, 1, smooth: true), value, features);
        Fill(history, season.Profile(now), season.Profile(then), value, features[2..]);
        Fill(history, season.Before(now, 7, smooth: true), season.Before(then, 7, smooth: true), value, features[4..]);
        features[6] = Increment(history, season.Before(now, 1, smooth: false), season.Before(then, 1, smooth: false));
        features[7] = Increment(history, season.Before(now, 2, smooth: false), season.Before(then, 2, smooth: false));
        features[8] = Increment(history, season.Before(now, 7, smooth: false), season.Before(then, 7, smooth: false));
    }

    private void Fill(DemandHistory history, double now, double then, double value, Span<float> features)
    {
        features[0] = Increment(history, now, then);
        features[1] = double.IsNaN(now) || double.IsNaN(then) ? 0 : (float)(OfLog(history, now) - value);
    }

    private float Increment(DemandHistory history, double now, double then) =>
        double.IsNaN(now) || double.IsNaN(then) ? 0 : (float)(OfLog(history, then) - OfLog(history, now));

    private double OfLog(DemandHistory history, double z) => _scale == 0 ? z : history.Scale.ToDemand(z) / history.Scale.Unit;

    private void FillBank(DemandHistory history, int steps, Span<float> features)
    {
        Span<double> forecasts = stackalloc double[SmoothingBank.Count];
        history.Bank(_scale).Predict(history.Newest + steps, forecasts);
        var value = history.Recent(_scale)[0];
        for (var i = 0; i < forecasts.Length; i++) features[i] = (float)(forecasts[i] - value);
    }
}
