using ControlPlane.Core.Learning;
using ControlPlane.Core.Scaling;

namespace ControlPlane.Simulation.Learning;

/// <summary>Adds up what a run of the pipeline costs by its policy's prices, from the records of its decisions.</summary>
internal sealed class CostMeter
{
    private bool _isChanged;

    /// <summary>Weighted cost so far, pod-steps.</summary>
    public double Cost { get; private set; }

    /// <summary>Decisions so far.</summary>
    public long Steps { get; private set; }

    /// <summary>Decisions in which the adviser acted.</summary>
    public long Acted { get; private set; }

    /// <summary>State before the newest decision.</summary>
    public DecisionState Before { get; private set; } = DecisionState.Empty;

    /// <summary>Adds a decision: it closes the step that it observed.</summary>
    public void Add(DecisionRecord record)
    {
        var (observation, policy) = (record.Input.Observation, record.Input.Policy);
        var capacity = CapacityModel.PerReplica(record.Before.SaturationPerReplica, policy);
        Cost += StepCost.Of(policy.Predictive, observation.CurrentReplicas ?? 0, observation.ReadyReplicas, observation.Demand, capacity, _isChanged);
        _isChanged = record.Decision.Action != ScalingAction.Hold;
        Steps++;
        if (record.Decision.Stages.Any(stage => stage is { Name: AdviserMove.Stage, Rule: null })) Acted++;
        Before = record.Before;
    }
}
