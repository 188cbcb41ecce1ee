using ControlPlane.Core.Forecasting.Members;

namespace ControlPlane.Core.Forecasting.Ensemble;

/// <summary>
/// The members of <see cref="DemandForecaster"/>; the first can always speak. Few and unlike each other: more of the same kinds made the combination
/// worse on recorded traffic.
/// </summary>
internal static class MemberSet
{
    private static readonly TimeSpan ShortHalfLife = TimeSpan.FromDays(2);
    private static readonly TimeSpan LongHalfLife = TimeSpan.FromDays(7);

    public static IPointModel[] Create(TimeSpan step)
    {
        TimeSpan[] intervals = [.. Enumerable.Range(0, ForecastEngine.KnotCount(step)).Select(knot => step * KnotTrack.StrideOf(1 << knot, step))];
        return
        [
            new LastValueModel(),
            new SmoothedModel(2),
            new ProfileChangeModel(1),
            HoltWintersForecaster.Create(step, new HoltWintersOptions()),
            new RidgeModel(intervals, ShortHalfLife, seasonal: false),
            new RidgeModel(intervals, LongHalfLife, seasonal: true),
        ];
    }
}
