namespace ControlPlane.Core.Forecasting;

/// <summary>What a forecaster did with a value.</summary>
public enum UpdateOutcome
{
    /// <summary>It was learnt.</summary>
    Learnt,

    /// <summary>The step passed as unknown.</summary>
    Missing,

    /// <summary>The value is not finite, negative or beyond <see cref="DemandForecaster.MaxDemand"/>; the step passed as unknown.</summary>
    Rejected,

    /// <summary>The step is not newer than the newest; nothing was changed.</summary>
    Stale,
}
