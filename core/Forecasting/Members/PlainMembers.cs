using ControlPlane.Core.Forecasting.Ensemble;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.Members;

/// <summary>A member that only reads the shared history.</summary>
internal abstract class PlainMember : IDemandMember
{
    public virtual bool IsRelative => false;

    public double Predict(DemandHistory history, int knot, int steps, ReadOnlySpan<float> features) => Predict(history, steps);

    public void Learn(int knot, ReadOnlySpan<float> features, double origin, double outcome, DemandScale scale)
    {
    }

    public void Save(StateWriter writer)
    {
    }

    public void Load(ref StateReader reader)
    {
    }

    protected abstract double Predict(DemandHistory history, int steps);
}

/// <summary>Nothing changes.</summary>
internal sealed class LastDemand : PlainMember
{
    protected override double Predict(DemandHistory history, int steps) => history.Demand;
}

/// <summary>The demand some days earlier, as it was.</summary>
internal sealed class EarlierDay(int days) : PlainMember
{
    protected override double Predict(DemandHistory history, int steps) =>
        history.Season.Before(history.Newest + steps, days, smooth: false) is var z && double.IsNaN(z) ? z : history.Scale.ToDemand(z);
}

/// <summary>The newest demand moved by the change that yesterday saw.</summary>
internal sealed class EarlierChange : PlainMember
{
    protected override double Predict(DemandHistory history, int steps)
    {
        var now = history.Season.Before(history.Newest, 1, smooth: false);
        var then = history.Season.Before(history.Newest + steps, 1, smooth: false);
        if (double.IsNaN(now) || double.IsNaN(then)) return double.NaN;
        return Math.Clamp(history.Demand + history.Scale.ToDemand(then) - history.Scale.ToDemand(now), 0, DemandForecaster.MaxDemand);
    }
}

/// <summary>A short mean moved by the change that the daily profile shows, on the logarithm.</summary>
internal sealed class ProfileChange : PlainMember
{
    public override bool IsRelative => true;

    protected override double Predict(DemandHistory history, int steps)
    {
        var z = history.MeansOf(0)[0] + history.Season.Profile(history.Newest + steps) - history.Season.Profile(history.Newest);
        return double.IsNaN(z) ? z : history.Scale.ToDemand(z);
    }
}

/// <summary>The newest demand moved by what came after the most alike stretches of the last week.</summary>
internal sealed class AlikeChange : PlainMember
{
    public override bool IsRelative => true;

    protected override double Predict(DemandHistory history, int steps) =>
        history.Analog(steps).Middle is var change && double.IsNaN(change) ? change : history.Scale.ToDemand(history.Recent(0)[0] + change);
}

/// <summary>One smoothing of the bank: at each horizon the one whose recent errors were least.</summary>
internal sealed class BestSmoothing(TimeSpan[] intervals, int scale) : IDemandMember
{
    private static readonly TimeSpan Memory = TimeSpan.FromDays(1);
    private readonly double[] _keep = [.. intervals.Select(interval => Math.Exp(-interval / Memory))];
    private readonly float[] _errors = new float[intervals.Length * SmoothingBank.Count];

    public bool IsRelative => scale == 0;

    public double Predict(DemandHistory history, int knot, int steps, ReadOnlySpan<float> features)
    {
        var errors = ErrorsAt(knot);
        var best = 0;
        for (var i = 1; i < errors.Length; i++)
        {
            if (errors[i] < errors[best]) best = i;
        }

        return history.From(scale, history.Recent(scale)[0] + ForecastsIn(features)[best]);
    }

    public void Learn(int knot, ReadOnlySpan<float> features, double origin, double outcome, DemandScale logScale)
    {
        var change = logScale.Change(scale, origin, outcome);
        var errors = ErrorsAt(knot);
        var forecasts = ForecastsIn(features);
        for (var i = 0; i < errors.Length; i++) errors[i] = (float)(_keep[knot] * errors[i] + Math.Abs(change - forecasts[i]));
    }

    public void Save(StateWriter writer) => writer.Write(_errors);

    public void Load(ref StateReader reader) => reader.Read(_errors);

    private Span<float> ErrorsAt(int knot) => _errors.AsSpan(knot * SmoothingBank.Count, SmoothingBank.Count);

    private ReadOnlySpan<float> ForecastsIn(ReadOnlySpan<float> features) =>
        DemandFeatures.Of(scale, features).Slice(DemandFeatures.LocalCount, SmoothingBank.Count);
}
