using System.Collections.Immutable;
using ControlPlane.Core.Policies;

namespace ControlPlane.Core.Forecasting;

/// <summary>What is asked of every forecast.</summary>
public static class ForecastSettings
{
    /// <summary>Quantile levels, ascending.</summary>
    public static readonly ImmutableArray<float> Quantiles = [0.1f, 0.5f, 0.9f, 0.95f, 0.99f];

    /// <summary>Steps that a policy's horizon spans, at least one.</summary>
    public static int HorizonSteps(PolicyDocument policy) => (int)Math.Max(1, Math.Ceiling(policy.Predictive.Horizon / policy.Step));

    /// <summary>Steps that a forecast spans: the policy's horizon, and at least until a pod ordered now is ready.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="leadSteps">Steps from a decision to a ready pod.</param>
    public static int HorizonSteps(PolicyDocument policy, int leadSteps) => Math.Max(leadSteps + 1, HorizonSteps(policy));
}
