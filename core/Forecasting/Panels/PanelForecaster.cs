using System.Collections.Concurrent;
using System.Numerics.Tensors;
using ControlPlane.Core.Forecasting.Offline;

namespace ControlPlane.Core.Forecasting.Panels;

/// <summary>
/// Fits the offline models to a panel of hourly series (seasons of a day and a week) and forecasts the steps after each. Deterministic by seed:
/// the number of cores changes nothing. Each call stands alone.
/// </summary>
/// <param name="time">Measures what each model takes.</param>
public sealed class PanelForecaster(TimeProvider time)
{
    /// <summary>Name of the combination.</summary>
    public const string Ensemble = "ensemble";

    /// <summary>Most steps ahead: a week.</summary>
    public const int LongestHorizon = 168;

    private const int MlpSeeds = 2;
    private const int GuidedSeeds = 2;

    /// <summary>The models, simplest first.</summary>
    public static IReadOnlyList<string> Models { get; } = ["seasonal-naive", "theta", "mstl", "ets", "arima", "arima-nn", "ridge", "mlp", "lstm", "ridge-mlp", Ensemble];

    /// <summary>Forecasts a panel.</summary>
    /// <param name="series">Finite values, hourly, oldest first, at least one a series.</param>
    /// <param name="horizon">Steps ahead, 1 to 168.</param>
    /// <param name="models">Names from <see cref="Models"/>.</param>
    /// <param name="seed">Seed of every network.</param>
    /// <param name="progress">Gets the share that is done.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <returns>One entry a model, in the order asked for.</returns>
    /// <exception cref="ArgumentException">A series is empty or holds a value that is not finite, a name is unknown, or the horizon is out of range.</exception>
    public IReadOnlyList<PanelForecast> Run(
        double[][] series, int horizon, IReadOnlyList<string> models, ulong seed = 1, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        Check(series, horizon, models);
        var run = new PanelRun(series, horizon, seed, time);
        var known = Make(new PanelGuides(run)).ToDictionary(m => m.Name);
        PanelModel[] asked = [.. models.Select(name => known[name])];
        PanelModel[] working = [.. asked.SelectMany(m => m.Parts).Concat(asked).Distinct()];
        var total = working.Sum(m => m.Cost);
        var done = 0.0;
        var gate = new Lock();
        // The longest pieces first, so that no core waits long for the last.
        var pieces = working.SelectMany(m => Weigh(m, m.Pieces(run))).OrderByDescending(p => p.Cost).ToArray();
        Parallel.ForEach(
            Partitioner.Create(pieces.AsEnumerable(), EnumerablePartitionerOptions.NoBuffering),
            new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount },
            piece =>
            {
                piece.Work(cancellationToken);
                lock (gate) progress?.Report(Math.Min(1, (done += piece.Cost) / total));
            });
        return [.. asked.Select(m => m.Finish(run))];
    }

    private static PanelModel[] Make(PanelGuides guides)
    {
        var days = new[] { RidgePool.Widest.Season, 7 * RidgePool.Widest.Season };
        PanelModel ets = new SeriesPanelModel("ets", 24, _ => new Ets(days));
        PanelModel hybrid = new SeriesPanelModel("arima-nn", 70, seed => new HybridArima(days[0], days[1], seed));
        PanelModel ridge = new RidgePanelModel();
        PanelModel mlp = new NetworkPanelModel("mlp", 55 * MlpSeeds, MlpSeeds, null, new PanelOptions { Epochs = 9 }, o => new PanelMlp(o));
        var guided = new NetworkPanelModel("ridge-mlp", 60 * GuidedSeeds, GuidedSeeds, guides, new PanelOptions { Epochs = 9 }, o => new PanelMlp(o));
        PanelModel lstm = new NetworkPanelModel("lstm", 90, 1, guides, new PanelOptions { Epochs = 6, Hidden = 128, Stride = 2 }, o => new PanelLstm(o));
        return
        [
            new SeriesPanelModel("seasonal-naive", 1, _ => new SeasonalNaive(days[0])),
            new SeriesPanelModel("theta", 2, _ => new Theta(days)),
            new SeriesPanelModel("mstl", 3, _ => new Mstl(days)),
            ets,
            new SeriesPanelModel("arima", 42, _ => new Sarima(days[0], days[1])),
            hybrid,
            ridge,
            mlp,
            lstm,
            guided,
            new TrimmedPanelModel(Ensemble, [ridge, hybrid, ets, mlp, lstm, guided], guided),
        ];
    }

    private static IEnumerable<(double Cost, Action<CancellationToken> Work)> Weigh(PanelModel model, IReadOnlyList<Action<CancellationToken>> pieces) =>
        pieces.Select(piece => (model.Cost / pieces.Count, piece));

    private static void Check(double[][] series, int horizon, IReadOnlyList<string> models)
    {
        if (horizon is < 1 or > LongestHorizon) throw new ArgumentException($"The horizon {horizon} is not within 1 to {LongestHorizon}.", nameof(horizon));
        if (models.FirstOrDefault(m => !Models.Contains(m)) is { } unknown) throw new ArgumentException($"There is no model '{unknown}'.", nameof(models));
        for (var i = 0; i < series.Length; i++)
        {
            if (series[i].Length == 0) throw new ArgumentException($"Series {i} is empty.", nameof(series));
            if (!TensorPrimitives.IsFiniteAll<double>(series[i])) throw new ArgumentException($"Series {i} has a value that is not finite.", nameof(series));
        }
    }
}
