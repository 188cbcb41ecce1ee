using System.Collections.Immutable;
using ControlPlane.Core.Forecasting;
using ControlPlane.Core.Forecasting.Models;

namespace ControlPlane.Core.Tests.Forecasting.Models;

/// <summary>Reports and trials made by hand.</summary>
internal static class Trials
{
    public const int OutcomesPerBlock = 1000;
    public const double Loss = 0.1;

    public static readonly ModelId Own = ModelId.Of("own", "0.1.0");
    public static readonly ModelId Other = ModelId.Of("other", "0.1.0");
    public static readonly ModelId New = ModelId.Of("net", "1.0.0");
    public static readonly DateTimeOffset Start = new(2026, 1, 5, 0, 30, 0, TimeSpan.Zero);
    public static readonly PromotionOptions Options = new();

    /// <summary>Sums of a block in which the shadow's loss was smaller by a share, with perfect coverage.</summary>
    public static PairedScores Scores(double gain, double shadowShift = 0)
    {
        ImmutableArray<long> Covered(double shift) => [.. ForecastSettings.Quantiles.Select(q => (long)Math.Round(Math.Min(1, q + shift) * OutcomesPerBlock))];
        return new PairedScores
        {
            Outcomes = OutcomesPerBlock,
            ChampionLoss = Loss * OutcomesPerBlock,
            ShadowLoss = Loss * (1 - gain) * OutcomesPerBlock,
            ChampionCovered = Covered(0),
            ShadowCovered = Covered(shadowShift),
        };
    }

    public static ShadowReport Report(ModelRegistryState state, int block, PairedScores scores, string workload = "c/n/deployment/web") => new()
    {
        Trial = state.Trial?.Id ?? 0,
        Workload = workload,
        Block = ModelRegistry.BlockOf(Start, Options.Block) + block,
        Scores = scores,
    };

    /// <summary>The end of a block after the start, when its reports come.</summary>
    public static DateTimeOffset After(int block) => Start + (block + 1) * Options.Block;

    /// <summary>A registry of two own models with a challenger in trial.</summary>
    public static ModelRegistryState WithChallenger(ModelId? challenger = null)
    {
        var state = ModelRegistry.Open(new ModelRegistryState(), [Own, Other], Start);
        var artifact = new ModelArtifact { Id = challenger ?? New };
        (state, var refusal) = ModelRegistry.Register(state, artifact, 100, isChallenger: true, Start, Options);
        Assert.Null(refusal);
        return ModelRegistry.StartNext(state, 1, Start, Options);
    }

    /// <summary>Reports a block and takes the look that is due.</summary>
    public static ModelRegistryState Pass(ModelRegistryState state, int block, PairedScores scores, string workload = "c/n/deployment/web")
    {
        (state, var outcome) = ModelRegistry.Count(state, Report(state, block, scores, workload), After(block), Options);
        Assert.Equal(ReportOutcome.Counted, outcome);
        return ModelRegistry.Look(state, After(block), Options);
    }

    /// <summary>Passes blocks with a gain and some noise until the trial ends or so many are over.</summary>
    public static (ModelRegistryState State, int Block) Run(ModelRegistryState state, int first, int count, double gain, int seed = 1, double shadowShift = 0)
    {
        var random = new Random(seed);
        var trial = state.Trial!.Id;
        for (var block = first; block < first + count; block++)
        {
            state = Pass(state, block, Scores(gain + 0.05 * (random.NextDouble() - 0.5), shadowShift));
            if (state.Trial?.Id != trial) return (state, block);
        }
        return (state, first + count);
    }
}
