using ControlPlane.Core.Forecasting;
using ControlPlane.Core.Forecasting.Models;

namespace ControlPlane.Silo.Api;

/// <summary>Answer of <c>GET /api/v1/models</c>.</summary>
internal sealed record ModelsResponse(string? Champion, TrialSummary? Trial, IReadOnlyList<ModelSummary> Models, IReadOnlyList<ModelChange> Changes)
{
    public static ModelsResponse From(ModelRegistryState state) => new(
        state.Champion?.ToString(),
        state.Trial is { } trial ? TrialSummary.From(trial) : null,
        [.. state.Versions.Select(ModelSummary.From)],
        [.. state.Audit.Reverse().Select(ModelChange.From)]);
}

/// <summary>Answer of <c>GET /api/v1/models/{name}/{version}</c>.</summary>
internal sealed record ModelDetail(
    ModelSummary Model, TrainingWindow? Training, IReadOnlyDictionary<string, double> Parameters, IReadOnlyDictionary<string, double> TrainingScores, IReadOnlyList<ModelChange> Changes)
{
    public static ModelDetail From(ModelRegistryState state, ModelRecord record) => new(
        ModelSummary.From(record),
        record.Training,
        Named(record.Parameters),
        Named(record.TrainingScores),
        [.. state.Audit.Where(e => e.Model == record.Id).Reverse().Select(ModelChange.From)]);

    private static Dictionary<string, double> Named(IEnumerable<NamedValue> values) => values.GroupBy(v => v.Name).ToDictionary(g => g.Key, g => g.Last().Value);
}

/// <summary>One version in short. The loss is the mean pinball loss in trials as a share of the services' usual demand.</summary>
internal sealed record ModelSummary(
    string Id, ModelStatus Status, DateTimeOffset RegisteredAt, int ArtifactBytes, long Outcomes, double? Loss, IReadOnlyDictionary<string, double>? Coverage, string? LastReason)
{
    public static ModelSummary From(ModelRecord record) => new(
        record.Id.ToString(),
        record.Status,
        record.RegisteredAt,
        record.ArtifactBytes,
        record.Outcomes,
        record.Outcomes == 0 ? null : record.Loss / record.Outcomes,
        CoverageOf(record),
        record.LastReason);

    private static Dictionary<string, double>? CoverageOf(ModelRecord record) => record.Covered.IsDefaultOrEmpty
        ? null
        : ForecastSettings.Quantiles.Zip(record.Covered).ToDictionary(
            pair => pair.First.ToString("0.##", System.Globalization.CultureInfo.InvariantCulture), pair => pair.Second / (double)record.Outcomes);
}

/// <summary>The trial that runs. The difference is the change of the loss if the shadow spoke, a fraction; negative is better.</summary>
internal sealed record TrialSummary(
    long Id, TrialPurpose Purpose, string Champion, string Shadow, DateTimeOffset StartedAt, double Share, int Blocks, int Services, long Outcomes, double? Difference)
{
    public static TrialSummary From(ModelTrial trial) => new(
        trial.Id,
        trial.Purpose,
        trial.Champion.ToString(),
        trial.Shadow.ToString(),
        trial.StartedAt,
        trial.Share,
        PromotionTest.Complete(trial),
        trial.Services.Length,
        trial.Scores.Outcomes,
        trial.Scores.ChampionLoss > 0 ? trial.Scores.ShadowLoss / trial.Scores.ChampionLoss - 1 : null);
}

/// <summary>One change of the line-up.</summary>
internal sealed record ModelChange(DateTimeOffset Time, ModelEventKind Kind, string Model, string Reason)
{
    public static ModelChange From(ModelEvent change) => new(change.Time, change.Kind, change.Model.ToString(), change.Reason);
}
