using ControlPlane.Core.Forecasting.Offline;

namespace ControlPlane.Core.Forecasting.Panels;

/// <summary>The pool of ridges; a series too short for it gets the seasonal naive.</summary>
internal sealed class RidgePanelModel() : PanelModel("ridge", 3)
{
    /// <summary>The spread is measured within the fit, which is a little too good; from validation folds of M4's hourly series.</summary>
    private const double OutOfSample = 1.1;

    private double[][] _point = [];

    public override IReadOnlyList<Action<CancellationToken>> Pieces(PanelRun run)
    {
        _point = new double[run.Series.Length][];
        return [.. Enumerable.Range(0, run.Series.Length).Select(i => Timed(run, _ => Forecast(run, i)))];
    }

    public override PanelForecast Finish(PanelRun run)
    {
        var ends = _point.Select((point, i) => run.Interval(i, point, OutOfSample)).ToArray();
        return new PanelForecast(Name, _point, [.. ends.Select(e => e.Lower)], [.. ends.Select(e => e.Upper)], Seconds);
    }

    private void Forecast(PanelRun run, int index)
    {
        var point = _point[index] = new double[run.Horizon];
        if (run.Series[index].Length < RidgePool.LeastLength) new SeasonalNaive().Forecast(run.Series[index], point);
        else RidgePool.Forecast(run.Series[index], point);
        run.Interval(index, point, 1);
    }
}
