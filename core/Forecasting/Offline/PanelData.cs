namespace ControlPlane.Core.Forecasting.Offline;

/// <summary>What a <see cref="PanelNetwork"/> learns from.</summary>
/// <param name="Series">Logarithms of the series, finite, oldest first.</param>
/// <param name="Guides">Another model's forecasts by series and origin, on the same scale; windows whose guide is null are left out.</param>
/// <param name="Weight">Weight of a window's loss, on the original scale's terms; null is 1.</param>
internal sealed record PanelData(float[][] Series, float[]?[][]? Guides = null, Func<PanelWindow, float>? Weight = null)
{
    /// <summary>The windows with a whole lookback before and a whole horizon after, by how far they reach back from the end.</summary>
    /// <param name="options">Shape of a window.</param>
    /// <param name="fromEnd">Least steps between the window's end and that of its series.</param>
    /// <param name="toEnd">The window's end is nearer than this to that of its series.</param>
    public PanelWindow[] Windows(PanelOptions options, int fromEnd, int toEnd)
    {
        var windows = new List<PanelWindow>();
        for (var s = 0; s < Series.Length; s++)
        {
            for (var gap = fromEnd; gap < toEnd; gap += options.Stride)
            {
                var origin = Series[s].Length - gap - options.Horizon;
                if (origin < options.Lookback) break;
                if (Guides is null || Guides[s][origin] is not null) windows.Add(new PanelWindow(s, origin));
            }
        }

        return [.. windows];
    }
}
