using ControlPlane.Core.Forecasting.Members;

namespace ControlPlane.Core.Forecasting.Ensemble;

/// <summary>The members of <see cref="DemandForecaster"/>; the first can always speak.</summary>
internal static class MemberSet
{
    public static IPointModel[] Create(TimeSpan step) =>
    [
        new LastValueModel(),
        new SmoothedModel(1),
        new SmoothedModel(2),
        new SeasonalNaiveModel(1),
        new ProfileChangeModel(1),
        HoltWinters(step, level: 3, trend: 20, season: false),
        HoltWinters(step, level: 5, trend: 30, season: true),
        HoltWinters(step, level: 20, trend: 120, season: true),
    ];

    private static HoltWintersModel HoltWinters(TimeSpan step, double level, double trend, bool season)
    {
        var options = new HoltWintersOptions { LevelTime = TimeSpan.FromMinutes(level), TrendTime = TimeSpan.FromMinutes(trend) };
        return HoltWintersForecaster.Create(step, season ? options : options with { Season = TimeSpan.Zero });
    }
}
