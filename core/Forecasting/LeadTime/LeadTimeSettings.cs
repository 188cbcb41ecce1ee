using System.Collections.Immutable;

namespace ControlPlane.Core.Forecasting.LeadTime;

/// <summary>What is asked of the forecasts that replicas are chosen from.</summary>
public static class LeadTimeSettings
{
    /// <summary>
    /// Quantile levels, ascending. Dense in the upper tail: a violation that costs thousands of pod-steps is worth avoiding where its probability is far
    /// below a percent. Those of <see cref="ForecastSettings.Quantiles"/> are among them, so that models can be compared.
    /// </summary>
    public static readonly ImmutableArray<float> Quantiles =
    [
        0.01f, 0.1f, 0.25f, 0.4f, 0.5f, 0.6f, 0.7f, 0.775f, 0.83f, 0.87f, 0.9f, 0.93f, 0.95f, 0.962f, 0.971f, 0.978f, 0.985f, 0.99f, 0.9925f,
        0.9945f, 0.9962f, 0.9975f, 0.9984f, 0.999f, 0.9994f, 0.9997f, 0.99985f, 0.99995f,
    ];
}
