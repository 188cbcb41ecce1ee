using ControlPlane.Core.Forecasting.Ensemble;

namespace ControlPlane.Core.Forecasting.Members;

/// <summary>
/// What the members learn from, on both scales of a <see cref="DemandHistory"/>, all relative to the newest value x. In order: 1; x less the values and the
/// means before it; the forecasts of the seasonal smoothings less x; the change and the value that yesterday saw and the value of one hour before, as they
/// were; then two hours before, change and value of yesterday, of the daily profile and of last week, smoothed, and the raw changes of last week and of
/// two days ago, or of the load's own cycle when it has one that fits neither day nor week. What is unknown is 0.
/// </summary>
internal static class DemandFeatures
{
    /// <summary>The first few need nothing seasonal.</summary>
    public const int LocalCount = 1 + DemandHistory.Lags + DemandHistory.Means;

    /// <summary>Those and the smoothings and the newest seasonal values.</summary>
    public const int ShortCount = LocalCount + SmoothingBank.Count + 3;

    /// <summary>Features of one scale.</summary>
    public const int Count = ShortCount + 9;

    /// <summary>Features of both scales.</summary>
    public const int Total = DemandHistory.Scales * Count;

    /// <summary>Those of one scale.</summary>
    public static ReadOnlySpan<float> Of(int scale, ReadOnlySpan<float> features) => features.Slice(scale * Count, Count);

    /// <summary>Fills all for a step ahead.</summary>
    public static void Fill(DemandHistory history, int steps, Span<float> features)
    {
        var view = history.Season.CurvesAt(history.Newest + steps);
        var cycle = history.Season.Cycle(history.Newest + steps, history.Newest);
        for (var scale = 0; scale < DemandHistory.Scales; scale++)
        {
            var part = features.Slice(scale * Count, Count);
            FillLocal(history, scale, part);
            history.Bank(scale).Predict(history.Newest + steps, history.Recent(scale)[0], part[LocalCount..]);
            FillCurves(history, scale, view, part[(LocalCount + SmoothingBank.Count)..]);
            if (!double.IsNaN(cycle.Then - cycle.Now)) part[^1] = (float)(On(history, scale, cycle.Then) - On(history, scale, cycle.Now));
        }
    }

    private static void FillLocal(DemandHistory history, int scale, Span<float> features)
    {
        var recent = history.Recent(scale);
        var means = history.MeansOf(scale);
        features[0] = 1;
        for (var i = 1; i < recent.Length; i++) features[i] = (float)(recent[0] - recent[i]);
        for (var i = 0; i < means.Length; i++) features[recent.Length + i] = (float)(recent[0] - means[i]);
    }

    private static void FillCurves(DemandHistory history, int scale, SeasonalCurves then, Span<float> features)
    {
        var now = history.CurvesNow(scale);
        if (scale > 0) then = then.On(history.Scale);
        var value = history.Recent(scale)[0];
        features[0] = Known(then.DayRaw - now.DayRaw);
        features[1] = Known(now.DayRaw - value);
        features[2] = Known(then.Hour - value);
        features[3] = Known(then.TwoHours - value);
        features[4] = Known(then.Day - now.Day);
        features[5] = Known(now.Day - value);
        features[6] = Known(then.Profile - now.Profile);
        features[7] = Known(now.Profile - value);
        features[8] = Known(then.Week - now.Week);
        features[9] = Known(now.Week - value);
        features[10] = Known(then.WeekRaw - now.WeekRaw);
        features[11] = Known(then.TwoDaysRaw - now.TwoDaysRaw);
    }

    /// <summary>A value of the logarithmic scale on a scale.</summary>
    private static double On(DemandHistory history, int scale, double z) => scale == 0 ? z : history.To(scale, history.From(0, z));

    private static float Known(double value) => double.IsNaN(value) ? 0 : (float)value;
}

/// <summary>What the past says of one step; NaN where it knows nothing.</summary>
internal readonly record struct SeasonalCurves(double Day, double DayRaw, double TwoDaysRaw, double Week, double WeekRaw, double Profile, double Hour, double TwoHours)
{
    /// <summary>The same in units of the demand.</summary>
    public SeasonalCurves On(DemandScale scale) =>
        new(Of(scale, Day), Of(scale, DayRaw), Of(scale, TwoDaysRaw), Of(scale, Week), Of(scale, WeekRaw), Of(scale, Profile), Of(scale, Hour), Of(scale, TwoHours));

    private static double Of(DemandScale scale, double z) => double.IsNaN(z) ? z : scale.ToDemand(z) / scale.Unit;
}
