using ControlPlane.Core.Policies;
using ControlPlane.Simulation.Services;

namespace ControlPlane.Simulation.Backtest;

/// <summary>
/// The HPA as somebody would run it who had tried 15 settings of CPU target and scale-down window on this very demand: the fewest pod-hours of those that miss the objective
/// no longer than the policy's own setting does. Chosen in hindsight, so no autoscaler that runs could do it.
/// </summary>
public sealed class TunedHpaMethod : IScalingMethod
{
    private static readonly double[] Targets = [0.5, 0.6, 0.7, 0.8, 0.9];
    private static readonly TimeSpan[] Windows = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15)];

    private readonly HpaMethod _best;

    /// <summary>Tries the settings over services of the same kind.</summary>
    /// <param name="options">The policy and the seed.</param>
    /// <param name="start">The service, at its start.</param>
    public TunedHpaMethod(BacktestOptions options, SimulatedService start)
    {
        var own = Try(options, start, options.Policy);
        Chosen = Settings(options.Policy)
            .Select(policy => (Policy: policy, Outcome: Try(options, start, policy)))
            .Where(s => s.Outcome.SloViolationTimeShare <= own.SloViolationTimeShare)
            .Append((Policy: options.Policy, Outcome: own))
            .MinBy(s => s.Outcome.PodHours).Policy;
        _best = new HpaMethod(Chosen);
    }

    /// <summary>The policy with the setting that was chosen.</summary>
    public PolicyDocument Chosen { get; }

    /// <inheritdoc/>
    public string Name => "hpa-tuned";

    /// <inheritdoc/>
    public int? Decide(SimulatedService service) => _best.Decide(service);

    private static IEnumerable<PolicyDocument> Settings(PolicyDocument policy) =>
        from target in Targets
        from window in Windows
        select policy with
        {
            Reactive = policy.Reactive with { Metrics = [MetricTarget.DefaultCpu with { Target = target }] },
            Behavior = policy.Behavior with { ScaleDown = policy.Behavior.ScaleDown with { StabilizationWindow = window } },
        };

    private static ServiceOutcome Try(BacktestOptions options, SimulatedService start, PolicyDocument policy)
    {
        var service = new SimulatedService(start.Profile, start.Load, options.Seed, start.Time, start.Replicas);
        var method = new HpaMethod(policy);
        for (var tick = 0; tick < start.Load.Length; tick++)
        {
            service.AdvanceTo(service.Time + start.Load.Step);
            if (method.Decide(service) is { } replicas) service.Scale(replicas);
        }
        return service.Outcome;
    }
}
