using System.Runtime.InteropServices;
using ControlPlane.Core.Forecasting.LeadTime;
using ControlPlane.Core.Metrics;

namespace ControlPlane.Core.Forecasting.Models;

/// <summary>A forecaster at work for one workload under the name and version that its forecasts carry. Not thread-safe.</summary>
public sealed class ServedModel
{
    private readonly IModelKind _kind;
    private readonly IForecaster _forecaster;

    internal ServedModel(IModelKind kind, ModelId id, TimeSpan step, IForecaster forecaster) => (_kind, Id, StepTime, _forecaster) = (kind, id, step, forecaster);

    /// <summary>Who speaks.</summary>
    public ModelId Id { get; }

    /// <summary>Length of a step.</summary>
    public TimeSpan StepTime { get; }

    /// <summary>Whether it can forecast.</summary>
    public ForecastStatus Status => _forecaster.Status;

    /// <summary>Learns from a history, oldest first, one entry a step; what is not newer than the newest is skipped.</summary>
    public void Fit(DateTimeOffset firstTime, ReadOnlySpan<double?> history) => _forecaster.Fit(firstTime, history);

    /// <summary>Tells how long a pod takes to be ready, for a model that foretells that moment.</summary>
    /// <param name="leadSteps">Steps from a decision to a ready pod, at least 1.</param>
    public void Follow(int leadSteps) => (_forecaster as LeadTimeForecaster)?.Follow(leadSteps);

    /// <summary>Learns from the observation and answers with the forecast for the steps after it.</summary>
    /// <param name="observation">The newest step.</param>
    /// <param name="horizon">Steps to look ahead; a model that foretells a pod's readiness looks no further than that.</param>
    /// <exception cref="InvalidOperationException">The model gave a value that is not finite.</exception>
    public Forecast Step(Observation observation, int horizon)
    {
        if (_forecaster is DemandForecaster own) return Predictor.Step(own, observation, horizon);
        // As measured: a spike that the outlier filter keeps from the other models is what spare replicas are for.
        var forReplicas = _forecaster as LeadTimeForecaster;
        _forecaster.Update(observation.Time, forReplicas is null ? observation.FilteredDemand : observation.Demand);
        var levels = forReplicas is null ? ForecastSettings.Quantiles : LeadTimeSettings.Quantiles;
        horizon = Math.Min(horizon, forReplicas?.LeadSteps + 1 ?? horizon);
        var values = new float[horizon * levels.Length];
        var status = _forecaster.Forecast(horizon, levels.AsSpan(), values);
        var isReady = status == ForecastStatus.Ready;
        if (isReady) Check(values);
        return Answer(observation, status) with
        {
            Horizon = isReady ? horizon : 0,
            Quantiles = levels,
            Values = isReady ? ImmutableCollectionsMarshal.AsImmutableArray(values) : [],
            Coverage = isReady ? _kind.Coverage(_forecaster, Math.Max(1, horizon / 2), levels[^1]) : null,
        };
    }

    /// <summary>The answer when it failed.</summary>
    public Forecast Failed(Observation observation) => Answer(observation, ForecastStatus.Failed);

    internal bool IsDemandForecaster => _forecaster is DemandForecaster;

    internal byte[] SaveForecaster() => _kind.Save(_forecaster);

    private Forecast Answer(Observation observation, ForecastStatus status) => new()
    {
        Workload = observation.Workload,
        IssuedAt = observation.Time,
        Step = observation.Step,
        Status = status,
        Model = Id.Name,
        ModelVersion = Id.Version,
    };

    private void Check(float[] values)
    {
        foreach (var value in values)
            if (!float.IsFinite(value) || value < 0) throw new InvalidOperationException($"{Id} gave the forecast {value}.");
    }
}
