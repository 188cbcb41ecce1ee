using ControlPlane.Core.Forecasting.Offline;

namespace ControlPlane.Core.Forecasting.Panels;

/// <summary>
/// A model that knows one series at a time. Its intervals are the spread of the series, widened by how much more the model missed on the newest
/// horizons of the series, each forecast from before it.
/// </summary>
internal sealed class SeriesPanelModel(string name, double cost, Func<ulong, ISeriesModel> create) : PanelModel(name, cost)
{
    private const int Checks = 2;
    private double[][] _point = [];
    private double[][] _lower = [];
    private double[][] _upper = [];

    public override IReadOnlyList<Action<CancellationToken>> Pieces(PanelRun run)
    {
        var count = run.Series.Length;
        (_point, _lower, _upper) = (new double[count][], new double[count][], new double[count][]);
        return [.. Enumerable.Range(0, count).Select(i => Timed(run, _ => Forecast(run, i)))];
    }

    public override PanelForecast Finish(PanelRun run) => new(Name, _point, _lower, _upper, Seconds);

    private void Forecast(PanelRun run, int index)
    {
        var (series, model) = (run.Series[index], create(run.Seed));
        _point[index] = new double[run.Horizon];
        model.Forecast(series, _point[index]);
        (_lower[index], _upper[index]) = run.Interval(index, _point[index], Factor(run, model, series));
    }

    private static double Factor(PanelRun run, ISeriesModel model, ReadOnlySpan<double> series)
    {
        var (sum, checks, point) = (0.0, 0, new double[run.Horizon]);
        for (var check = 1; check <= Checks; check++)
        {
            if (series.Length - check * run.Horizon < RidgePool.LeastLength) break;
            var known = series[..^(check * run.Horizon)];
            model.Forecast(known, point);
            sum += run.Spread(known)!.Relative(series.Slice(known.Length, run.Horizon), point);
            checks++;
        }

        return checks == 0 ? 1 : Math.Sqrt(sum / checks);
    }
}
