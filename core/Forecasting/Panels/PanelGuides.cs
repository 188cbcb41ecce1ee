using ControlPlane.Core.Forecasting.Offline;

namespace ControlPlane.Core.Forecasting.Panels;

/// <summary>The ridges' forecasts from every origin of every series, which guided networks correct; made when first asked for.</summary>
internal sealed class PanelGuides(PanelRun run)
{
    /// <summary>Least length of a series for a network.</summary>
    public const int LeastLength = First + 96;

    private const int First = 336;
    private readonly Lazy<float[]?[]>[] _made = Array.ConvertAll(run.Series, series => new Lazy<float[]?[]>(() => RidgeGuide.Make(series, RidgePool.Guides, Whole(run.Horizon), First)));

    /// <summary>The guides of a series, by origin.</summary>
    public float[]?[] Of(int index) => _made[index].Value;

    private static int Whole(int horizon) => (horizon + RidgePool.Widest.Season - 1) / RidgePool.Widest.Season * RidgePool.Widest.Season;
}
