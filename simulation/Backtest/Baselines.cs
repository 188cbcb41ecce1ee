using ControlPlane.Core.Policies;
using ControlPlane.Simulation.Services;

namespace ControlPlane.Simulation.Backtest;

/// <summary>The HorizontalPodAutoscaler with the policy's reactive metrics, behaviour and bounds.</summary>
public sealed class HpaMethod(PolicyDocument policy) : IScalingMethod
{
    private readonly ReactiveLoop _loop = new(policy);

    /// <inheritdoc/>
    public string Name => "hpa";

    /// <inheritdoc/>
    public int? Decide(SimulatedService service)
    {
        if (_loop.Observe(service).CurrentReplicas is null) return null;
        return _loop.Order(_loop.Evaluate().Desired);
    }
}

/// <summary>As many replicas as the highest demand of the whole trace needs, all the time.</summary>
public sealed class StaticMethod(PolicyDocument policy, SimulatedService start) : IScalingMethod
{
    private readonly int _replicas = Math.Clamp(
        Enumerable.Range(0, start.Load.Length).Max(tick => start.RequiredReplicas(start.Load.DemandAt(tick))), policy.MinReplicas, policy.MaxReplicas);

    /// <inheritdoc/>
    public string Name => "static";

    /// <inheritdoc/>
    public int? Decide(SimulatedService service) => _replicas;
}

/// <summary>
/// Knows the future: at every step the most replicas that any tick needs until a pod ordered now could be ready. With removal newest
/// first it is the least that never falls short.
/// </summary>
public sealed class OracleMethod : IScalingMethod
{
    private readonly PolicyDocument _policy;
    private readonly int[] _needed;
    private readonly DateTimeOffset _start;

    /// <summary>Makes the oracle of a service that stands at its start.</summary>
    public OracleMethod(PolicyDocument policy, SimulatedService service)
    {
        (_policy, _start) = (policy, service.Time);
        var lead = (int)Math.Ceiling(service.Profile.Startup.Median / service.Load.Step);
        _needed = MaxAhead(service, lead);
    }

    /// <inheritdoc/>
    public string Name => "oracle";

    /// <inheritdoc/>
    public int? Decide(SimulatedService service)
    {
        var tick = (int)((service.Time - _start) / service.Load.Step);
        var bounds = PolicyBounds.At(_policy, service.Time);
        return bounds.Clamp(_needed[Math.Min(tick, _needed.Length - 1)]);
    }

    /// <summary>Greatest need over the ticks [t, t + lead], by a queue of falling maxima.</summary>
    private static int[] MaxAhead(SimulatedService service, int lead)
    {
        var need = new int[service.Load.Length];
        for (var tick = 0; tick < need.Length; tick++) need[tick] = service.RequiredReplicas(service.Load.DemandAt(tick));
        var greatest = new int[need.Length];
        var falling = new LinkedList<int>();
        for (var tick = need.Length - 1; tick >= 0; tick--)
        {
            while (falling.Last is { } last && need[last.Value] <= need[tick]) falling.RemoveLast();
            falling.AddLast(tick);
            while (falling.First!.Value > tick + lead) falling.RemoveFirst();
            greatest[tick] = need[falling.First.Value];
        }
        return greatest;
    }
}
