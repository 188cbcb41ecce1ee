using ControlPlane.Core.Forecasting;
using ControlPlane.Core.Healing;
using ControlPlane.Core.Learning;
using ControlPlane.Core.Metrics;
using ControlPlane.Core.Policies;

namespace ControlPlane.Core.Scaling;

/// <summary>Everything that one decision works from besides the state.</summary>
[GenerateSerializer, Immutable, Alias("cp.DecisionInput")]
public sealed record DecisionInput
{
    /// <summary>The step that is decided.</summary>
    [Id(0)] public required Observation Observation { get; init; }

    /// <summary>The newest forecast; null when there is none.</summary>
    [Id(1)] public Forecast? Forecast { get; init; }

    /// <summary>The policy in force.</summary>
    [Id(2)] public required PolicyDocument Policy { get; init; }

    /// <summary>Epoch of the decision maker.</summary>
    [Id(3)] public required long Epoch { get; init; }

    /// <summary>Number of the decision within the epoch, from 1.</summary>
    [Id(4)] public required long Sequence { get; init; }

    /// <summary>What healing asks of scaling; null when nothing.</summary>
    [Id(20)] public ScaleInGuard? Guard { get; init; }

    /// <summary>What the adviser says; null without one.</summary>
    [Id(21)] public Advice? Advice { get; init; }

    /// <summary>What a step is decided from; of the forecast only what the decision looks at, so that a record of it stays small.</summary>
    public static DecisionInput Of(Observation observation, Forecast? forecast, PolicyDocument policy, long epoch, long sequence, ScaleInGuard? guard = null) => new()
    {
        Observation = observation,
        Forecast = forecast is null ? null : Until(forecast, DecisionPipeline.LeadSteps(observation, policy) + 1),
        Policy = policy,
        Epoch = epoch,
        Sequence = sequence,
        Guard = guard,
    };

    private static Forecast Until(Forecast forecast, int steps) => forecast.Horizon <= steps
        ? forecast
        : forecast with { Horizon = steps, Values = forecast.Values[..(steps * forecast.Quantiles.Length)] };
}
