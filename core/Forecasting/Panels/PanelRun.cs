using ControlPlane.Core.Forecasting.Offline;

namespace ControlPlane.Core.Forecasting.Panels;

/// <summary>A panel, what is asked of it, and what several models share.</summary>
internal sealed class PanelRun
{
    private readonly Lazy<ForecastSpread?>[] _spreads;

    public PanelRun(double[][] series, int horizon, ulong seed, TimeProvider time)
    {
        (Series, Horizon, Seed, Time) = (series, horizon, seed, time);
        _spreads = Array.ConvertAll(series, s => new Lazy<ForecastSpread?>(() => Spread(s)));
    }

    public double[][] Series { get; }

    public int Horizon { get; }

    public ulong Seed { get; }

    public TimeProvider Time { get; }

    /// <summary>Puts a 95% interval around a forecast of a series.</summary>
    /// <param name="index">The series.</param>
    /// <param name="point">Its forecast.</param>
    /// <param name="factor">Its errors relative to those of <see cref="RidgePool.Widest"/>.</param>
    public (double[] Lower, double[] Upper) Interval(int index, double[] point, double factor) =>
        _spreads[index].Value?.Interval(point, factor) ?? (point, point);

    /// <summary>The spread of a series up to some step; null when it is too short to tell.</summary>
    public ForecastSpread? Spread(ReadOnlySpan<double> series) =>
        series.Length < RidgePool.LeastLength ? null : ForecastSpread.Measure(series, RidgePool.Widest, Horizon);
}
