using System.Numerics.Tensors;
using ControlPlane.Core.Forecasting.Offline;
using ControlPlane.Core.Forecasting.Scoring;

namespace ControlPlane.Core.Forecasting.Panels;

/// <summary>
/// Networks that learn from all series together, one for each seed, averaged; with guides they correct the ridges' forecasts. Series that are
/// too short, not positive or beyond 1e30 get the seasonal naive instead, and count as <see cref="SatOut"/>.
/// </summary>
internal sealed class NetworkPanelModel(string name, double cost, int seeds, PanelGuides? guides, PanelOptions options, Func<PanelOptions, PanelNetwork> create)
    : PanelModel(name, cost)
{
    private const double Largest = 1e30;
    private static readonly int Season = RidgePool.Widest.Season;
    private float[]?[][] _answers = [];

    public override IReadOnlyList<Action<CancellationToken>> Pieces(PanelRun run)
    {
        _answers = new float[seeds][][];
        return [.. Enumerable.Range(0, seeds).Select(s => Timed(run, token => _answers[s] = Answers(run, (ulong)s, token)))];
    }

    /// <summary>Whether the networks had nothing to say of a series.</summary>
    public bool SatOut(int index) => _answers[0][index] is null;

    public override PanelForecast Finish(PanelRun run)
    {
        var count = run.Series.Length;
        var (point, lower, upper) = (new double[count][], new double[count][], new double[count][]);
        for (var i = 0; i < count; i++)
        {
            (lower[i], point[i], upper[i]) = (Level(i, 0, run.Horizon), Level(i, 1, run.Horizon), Level(i, 2, run.Horizon));
            if (!SatOut(i)) continue;
            new SeasonalNaive(Season).Forecast(run.Series[i], point[i]);
            (lower[i], upper[i]) = run.Interval(i, point[i], 1);
        }

        return new PanelForecast(Name, point, lower, upper, Seconds);
    }

    private double[] Level(int index, int level, int horizon)
    {
        var values = new double[horizon];
        if (SatOut(index)) return values;
        for (var h = 0; h < horizon; h++)
        {
            foreach (var answers in _answers) values[h] += answers[index]![h * options.Levels.Length + level] / _answers.Length;
            values[h] = Math.Exp(values[h]);
        }

        return values;
    }

    private float[]?[] Answers(PanelRun run, ulong seed, CancellationToken cancellationToken)
    {
        var answers = new float[]?[run.Series.Length];
        var network = create(Shape(run) with { Seed = run.Seed + seed });
        var usable = Usable(run);
        var logarithms = Array.ConvertAll(usable, i => Array.ConvertAll(run.Series[i], v => (float)Math.Log(v)));
        var data = new PanelData(logarithms, guides is null ? null : Array.ConvertAll(usable, guides.Of), Weight(run, usable));
        if (data.Windows(network.Options, 0, int.MaxValue).Length == 0) return answers;
        network.Train(data, null, cancellationToken);
        for (var s = 0; s < usable.Length; s++)
            answers[usable[s]] = network.Predict(logarithms[s], guides is null ? default : guides.Of(usable[s])[^1]);
        return answers;
    }

    /// <summary>Networks look ahead whole seasons.</summary>
    private PanelOptions Shape(PanelRun run) => options with { Horizon = (run.Horizon + Season - 1) / Season * Season, IsGuided = guides is not null };

    private int[] Usable(PanelRun run) =>
        [.. Enumerable.Range(0, run.Series.Length).Where(i => IsUsable(run.Series[i]))];

    private static bool IsUsable(double[] series) =>
        series.Length >= PanelGuides.LeastLength && TensorPrimitives.Min<double>(series) > 0 && TensorPrimitives.Max<double>(series) <= Largest;

    /// <summary>What an error of the logarithm costs in both errors of OWA.</summary>
    private static Func<PanelWindow, float> Weight(PanelRun run, int[] usable)
    {
        var units = Array.ConvertAll(usable, i => Math.Max(PanelAccuracy.SeasonalChange(run.Series[i], Season), 1e-9));
        return window =>
        {
            var ahead = run.Series[usable[window.Series]].AsSpan(window.Origin, Math.Min(run.Horizon, run.Series[usable[window.Series]].Length - window.Origin));
            return (float)PanelAccuracy.Owa(100, TensorPrimitives.Sum<double>(ahead) / ahead.Length / units[window.Series]);
        };
    }
}
