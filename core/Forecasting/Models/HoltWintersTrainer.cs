using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ControlPlane.Core.Forecasting.Scoring;

namespace ControlPlane.Core.Forecasting.Models;

/// <summary>
/// Chooses the parameters of <see cref="HoltWintersForecaster"/> from a grid by the pinball loss on the given series: every candidate runs through
/// them as it would at work, and the newest third of each series is scored, relative to the default parameters' loss on it.
/// </summary>
public sealed class HoltWintersTrainer : IModelTrainer
{
    /// <summary>Fewest entries of a series that is used, of which half must be known.</summary>
    public const int ShortestSeries = 144;

    private const int BytesPerForecaster = 256 * 1024;
    private const int StepsBetweenChecks = 64;
    private static readonly TimeSpan Horizon = TimeSpan.FromMinutes(15);
    private static readonly HoltWintersOptions Standard = new();

    /// <inheritdoc/>
    public string Model => "holt-winters";

    /// <summary>The parameters that are tried, the default ones first.</summary>
    public static ImmutableArray<HoltWintersOptions> Grid { get; } = MakeGrid();

    /// <inheritdoc/>
    public long EstimateBytes(TrainingRequest request) => (long)Grid.Length * request.Series.Length * BytesPerForecaster;

    /// <inheritdoc/>
    public ModelArtifact Train(TrainingRequest request, IWorkBudget budget)
    {
        var series = request.Series.Where(IsUsable).ToImmutableArray();
        if (series.IsEmpty) throw new InvalidDataException($"No series has {ShortestSeries} entries of which half are known: there is nothing to train on.");
        var standard = series.Select(s => Loss(s, request.Step, Standard, budget)).ToArray();
        var scored = Enumerable.Range(0, series.Length).Where(i => standard[i] > 0).ToArray();
        if (scored.Length == 0) throw new InvalidDataException("No series has an outcome to score: the models do not get ready, or demand never varies.");
        var (best, loss) = (Standard, 1.0);
        foreach (var candidate in Grid.Skip(1))
        {
            var relative = scored.Average(i => Loss(series[i], request.Step, candidate, budget) / standard[i]);
            if (relative < loss) (best, loss) = (candidate, relative);
        }
        return new ModelArtifact
        {
            Id = request.Id,
            Parameters = HoltWintersParameters.Write(best),
            Training = (request with { Series = series }).Window,
            Scores = [new("lossToDefault", loss), new("defaultPinball", scored.Average(i => standard[i])), new("candidates", Grid.Length)],
        };
    }

    /// <summary>Mean pinball loss over the newest third; 0 when nothing could be scored.</summary>
    private static double Loss(TrainingSeries series, TimeSpan step, HoltWintersOptions options, IWorkBudget budget)
    {
        var forecaster = new HoltWintersForecaster(step, options);
        var horizon = Math.Max(1, (int)(Horizon / step));
        var levels = ForecastSettings.Quantiles.AsSpan();
        var values = new float[horizon * levels.Length];
        var (sum, count, demands) = (0.0, 0, series.Values);
        for (var i = 0; i < demands.Length; i++)
        {
            if (i % StepsBetweenChecks == 0) budget.Check();
            forecaster.Update(series.FirstTime + i * step, demands[i]);
            var target = i + horizon;
            if (target < demands.Length * 2 / 3 || target >= demands.Length || demands[target] is not { } demand) continue;
            if (forecaster.Forecast(horizon, levels, values) != ForecastStatus.Ready) continue;
            sum += PinballLoss.Mean(levels, demand, values.AsSpan((horizon - 1) * levels.Length));
            count++;
        }
        return count == 0 ? 0 : sum / count;
    }

    private static bool IsUsable(TrainingSeries series)
    {
        if (series.Values.Length < ShortestSeries) return false;
        var known = 0;
        foreach (var value in ImmutableCollectionsMarshal.AsArray(series.Values)!)
            if (value is { } number && double.IsFinite(number)) known++;
        return 2 * known >= series.Values.Length;
    }

    private static ImmutableArray<HoltWintersOptions> MakeGrid()
    {
        var grid = ImmutableArray.CreateBuilder<HoltWintersOptions>();
        grid.Add(Standard);
        foreach (var level in new[] { 2, 5, 10, 20 })
            foreach (var trend in new[] { 15, 30, 90 })
                foreach (var weight in new[] { 0.1, 0.3, 0.6 })
                {
                    var options = Standard with { LevelTime = TimeSpan.FromMinutes(level), TrendTime = TimeSpan.FromMinutes(trend), SeasonWeight = weight };
                    if (options != Standard) grid.Add(options);
                }
        return grid.ToImmutable();
    }
}
