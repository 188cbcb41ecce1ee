using ControlPlane.Core.Metrics;
using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling;
using ControlPlane.Core.Scaling.Hpa;
using ControlPlane.Simulation.Services;

namespace ControlPlane.Simulation.Backtest;

/// <summary>What methods that stand on the HPA have in common: observing a service, the HPA's memory, and recording what was ordered.</summary>
internal sealed class ReactiveLoop(PolicyDocument policy)
{
    private readonly ObservationBuilder _builder = new();
    private HpaState? _state;
    private Observation _observation = null!;

    /// <summary>The policy's bounds at the newest observation.</summary>
    public PolicyBounds Bounds { get; private set; }

    /// <summary>Closes a step.</summary>
    public Observation Observe(SimulatedService service)
    {
        var reading = service.Read();
        _observation = Observer.Step(_builder, ControlPlaneMethod.DefaultWorkload, reading.Time, policy, reading);
        Bounds = PolicyBounds.At(policy, reading.Time);
        if (_observation.CurrentReplicas is { } current) _state ??= HpaState.Initial(reading.Time, current);
        return _observation;
    }

    /// <summary>What the HPA answers; to be asked once a step, after <see cref="Observe"/>.</summary>
    /// <param name="demand">The demand as the HPA is told it; null: as it was observed.</param>
    public HpaResult Evaluate(double? demand = null)
    {
        var told = demand is { } value ? _observation with { Demand = value } : _observation;
        var result = HpaAlgorithm.Evaluate(_state!, told, policy.Reactive, policy.Behavior, Bounds.Min, Bounds.Max, _observation.Time);
        _state = result.State;
        return result;
    }

    /// <summary>What the HPA's stabilization, rate limits and bounds make of a recommendation from elsewhere; instead of <see cref="Evaluate"/>.</summary>
    public int Behave(int recommendation)
    {
        var applied = HpaBehavior.Apply(_state!, policy.Behavior, _observation.CurrentReplicas!.Value, recommendation, Bounds.Min, Bounds.Max, _observation.Time);
        _state = applied.State;
        return applied.Desired;
    }

    /// <summary>What the metrics alone ask for, without stabilization, rate limits and bounds; null when they ask for nothing.</summary>
    public int? Recommend() =>
        HpaAlgorithm.Evaluate(_state!, _observation, policy.Reactive, policy.Behavior, Bounds.Min, Bounds.Max, _observation.Time).Recommended;

    /// <summary>Remembers a change for the rate limits; null when nothing changes.</summary>
    public int? Order(int? desired)
    {
        if (desired is not { } next || _observation.CurrentReplicas is not { } current || next == current) return null;
        _state = HpaAlgorithm.RecordScale(_state!, _observation.Time, current, next, policy.Behavior);
        return next;
    }
}
