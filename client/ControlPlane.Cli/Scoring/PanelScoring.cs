using ControlPlane.Core.Forecasting.Panels;
using ControlPlane.Core.Forecasting.Scoring;
using ControlPlane.Simulation.Traces;

namespace ControlPlane.Cli.Scoring;

/// <summary>Forecasts a panel of hourly series from its training part and scores it on what came, as the M4 competition did.</summary>
internal sealed class PanelScoring
{
    private const int Season = 24;
    private readonly IReadOnlyList<PanelSeries> _train;
    private readonly int[] _scored;

    private PanelScoring(IReadOnlyList<PanelSeries> train, double[][] actual, int[] scored) => (_train, Actual, _scored) = (train, actual, scored);

    /// <summary>What came, for each scored series.</summary>
    public double[][] Actual { get; }

    /// <summary>Number of series that the models learn from.</summary>
    public int Count => _train.Count;

    /// <summary>Number of series with a test part.</summary>
    public int Scored => _scored.Length;

    private int Horizon => Actual[0].Length;

    /// <summary>Reads both files. Series without a test part are learnt from and not scored.</summary>
    public static PanelScoring Read(string trainPath, string testPath)
    {
        var (train, test) = (PanelReader.Read(trainPath), PanelReader.Read(testPath));
        var places = new Dictionary<string, int>();
        for (var i = 0; i < train.Count; i++) places[train[i].Name] = i;
        foreach (var series in test)
        {
            if (!places.ContainsKey(series.Name)) throw new CommandException($"{testPath}: the series '{series.Name}' is not in {trainPath}");
            if (series.Values.Length != test[0].Values.Length)
                throw new CommandException($"{testPath}: '{series.Name}' has {series.Values.Length} values, '{test[0].Name}' {test[0].Values.Length}: all must have as many");
        }

        if (test[0].Values.Length > PanelForecaster.LongestHorizon)
            throw new CommandException($"{testPath}: {test[0].Values.Length} values a series; at most {PanelForecaster.LongestHorizon} can be forecast");
        return new PanelScoring(train, [.. test.Select(s => s.Values)], [.. test.Select(s => places[s.Name])]);
    }

    public IReadOnlyList<PanelForecast> Forecast(IReadOnlyList<string> models, ulong seed, IProgress<double>? progress, CancellationToken cancellationToken) =>
        new PanelForecaster(TimeProvider.System).Run([.. _train.Select(s => s.Values)], Horizon, models, seed, progress, cancellationToken);

    public ModelScore Score(PanelForecast forecast)
    {
        var (smape, mase, msis, coverage, scaled) = (0.0, 0.0, 0.0, 0.0, 0);
        for (var s = 0; s < _scored.Length; s++)
        {
            var (i, actual) = (_scored[s], Actual[s]);
            smape += PanelAccuracy.Smape(actual, forecast.Point[i]);
            coverage += PanelAccuracy.Coverage(actual, forecast.Lower[i], forecast.Upper[i]);
            var unit = PanelAccuracy.SeasonalChange(_train[i].Values, Season);
            // A series that never changes over a season has no unit for its errors.
            if (!(unit > 0)) continue;
            scaled++;
            mase += PanelAccuracy.Mase(actual, forecast.Point[i], unit);
            msis += PanelAccuracy.Msis(actual, forecast.Lower[i], forecast.Upper[i], unit);
        }

        return new ModelScore
        {
            Name = forecast.Model,
            Smape = smape / _scored.Length,
            Mase = scaled == 0 ? null : mase / scaled,
            Owa = scaled == 0 ? null : PanelAccuracy.Owa(smape / _scored.Length, mase / scaled),
            Msis95 = scaled == 0 ? null : msis / scaled,
            Coverage95 = 100 * coverage / _scored.Length,
            Seconds = forecast.Seconds,
        };
    }

    /// <summary>What a plot shows of a scored series.</summary>
    public FanPanel Fan(PanelForecast forecast, int scored)
    {
        var (i, history) = (_scored[scored], _train[_scored[scored]].Values);
        return new FanPanel(_train[i].Name, history[^Math.Min(history.Length, 5 * Season)..], Actual[scored], forecast.Point[i], [(forecast.Lower[i], forecast.Upper[i])]);
    }
}
