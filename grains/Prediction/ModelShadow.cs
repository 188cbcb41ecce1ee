using ControlPlane.Core.Forecasting;
using ControlPlane.Core.Forecasting.Models;
using ControlPlane.Core.Metrics;

namespace ControlPlane.Grains.Prediction;

/// <summary>A model in shadow of the one that speaks, and the scores of both. It never disturbs: what it throws is told, not thrown.</summary>
internal sealed class ModelShadow(ServedModel model, ModelId champion, ModelLineup lineup)
{
    private ShadowScorer? _scorer;

    public ServedModel Model => model;

    /// <summary>The trial that it runs for.</summary>
    public long Trial => lineup.Trial;

    /// <summary>Lets it see a step.</summary>
    /// <param name="observation">The step.</param>
    /// <param name="spoken">What was answered.</param>
    /// <param name="horizon">Steps to look ahead.</param>
    /// <returns>A report that is due; null when none is. After one that names a failure the shadow is to be dropped.</returns>
    public ShadowReport? Step(Observation observation, Forecast spoken, int horizon)
    {
        try
        {
            var forecast = model.Step(observation, horizon);
            // Scores are kept for the trial's pair only: the champion may not be loaded yet.
            if (spoken.Model != champion.Name || spoken.ModelVersion != champion.Version) return null;
            if (_scorer?.Horizon != horizon) _scorer = new ShadowScorer(observation.Step, horizon, lineup.Block);
            return _scorer.Add(observation, spoken, forecast) is { } tally ? Report(observation, tally.Block) with { Scores = tally.Scores } : null;
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return Report(observation, 0) with { Failed = model.Id, Failure = ModelStand.Describe(e) };
        }
    }

    private ShadowReport Report(Observation observation, long block) => new() { Trial = Trial, Workload = observation.Workload.ToString(), Block = block };
}
