using ControlPlane.Core.Forecasting.Members;
using ControlPlane.Core.Forecasting.Network;

namespace ControlPlane.Core.Forecasting.Ensemble;

/// <summary>
/// The members of <see cref="DemandForecaster"/>; the first can always speak. Below steps of a minute few and cheap ones.
/// </summary>
internal static class MemberSet
{
    /// <summary>Steps from here on have the large set.</summary>
    public static readonly TimeSpan CoarseStep = TimeSpan.FromMinutes(1);

    /// <summary>Names of the large set, in its order.</summary>
    public static readonly string[] Names =
    [
        "last", "profile-change", "yesterday", "last-week", "yesterday-change", "analogs", "smoothing-log", "smoothing", "ridge-short", "ridge-log", "ridge", "ridge-fast",
    ];

    /// <summary>Members of the large set.</summary>
    public const int Count = 12;

    private static readonly TimeSpan ShortHalfLife = TimeSpan.FromDays(2);
    private static readonly TimeSpan LongHalfLife = TimeSpan.FromDays(7);
    private static readonly TimeSpan FastHalfLife = TimeSpan.FromDays(1);

    /// <summary>The horizons for a step, with their members. At steps of a minute or more a network corrects what they say.</summary>
    /// <param name="step">Length of a step.</param>
    /// <param name="correction">The network; null: none.</param>
    public static HorizonBank Bank(TimeSpan step, IRowCorrection? correction) =>
        step >= CoarseStep ? new CoarseHorizons(step, Create(step), correction, correction is null ? null : new ResidualStage(step)) : new FineHorizons(step, CreateFine(step));

    /// <summary>The large set.</summary>
    public static IDemandMember[] Create(TimeSpan step)
    {
        TimeSpan[] intervals = [.. CoarseHorizons.HorizonsFor(step).Select(steps => step * HorizonTrack.StrideOf(steps, step))];
        return
        [
            new LastDemand(),
            new ProfileChange(),
            new EarlierDay(1),
            new EarlierDay(7),
            new EarlierChange(),
            new AlikeChange(),
            new BestSmoothing(intervals, 0),
            new BestSmoothing(intervals, 1),
            new CurveRidge(intervals, ShortHalfLife, 0, DemandFeatures.LocalCount),
            new CurveRidge(intervals, LongHalfLife, 0, DemandFeatures.Count),
            new CurveRidge(intervals, LongHalfLife, 1, DemandFeatures.Count),
            new CurveRidge(intervals, FastHalfLife, 1, DemandFeatures.ShortCount),
        ];
    }

    /// <summary>The small set. Few and unlike each other: more of the same kinds made the combination worse on recorded traffic.</summary>
    public static IPointModel[] CreateFine(TimeSpan step)
    {
        TimeSpan[] intervals = [.. Enumerable.Range(0, FineHorizons.CountFor(step)).Select(knot => step * KnotTrack.StrideOf(1 << knot, step))];
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
