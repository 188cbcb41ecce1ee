using ControlPlane.Core.Anomalies.Health;
using ControlPlane.Core.Healing;
using ControlPlane.Core.Metrics;
using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling;
using ControlPlane.Core.Scaling.Removal;
using ControlPlane.Core.Workloads;
using ControlPlane.Simulation.Services;

namespace ControlPlane.Simulation.Faults;

/// <summary>Health, healing and scaling of one simulated service: the functions that the grains call, in a plain loop.</summary>
/// <param name="service">The service.</param>
/// <param name="policy">Its policy.</param>
/// <param name="heals">Whether healing is carried out; scaling is in any case.</param>
internal sealed class HealingLoop(SimulatedService service, PolicyDocument policy, bool heals)
{
    private static readonly WorkloadId Workload = WorkloadId.Parse("simulation/default/deployment/service");
    private readonly HealthMonitor _monitor = new();
    private readonly ObservationBuilder _builder = new();
    private DecisionState _scaling = DecisionState.Empty;
    private HealingState _healing = HealingState.Empty;
    private ClusterHealing _cluster = ClusterHealing.Empty;
    private long _sequence;

    /// <summary>What was wrong at the last step.</summary>
    public HealthReport Health { get; private set; } = HealthReport.Healthy;

    /// <summary>What was decided about it at the last step; null without healing.</summary>
    public HealingDecision? Last { get; private set; }

    /// <summary>Healing that was carried out, oldest first.</summary>
    public List<HealingDecision> Actions { get; } = [];

    /// <summary>Evictions after which fewer pods were ready than the disruption budget asks for; checked apart from the rules.</summary>
    public int BrokenBudgets { get; private set; }

    /// <summary>Closes a step.</summary>
    public void Step()
    {
        var reading = service.Read();
        var observation = Observer.Step(_builder, Workload, reading.Time, policy, reading);
        Health = _monitor.Update(observation, reading, policy.Objective);
        observation = observation with { Health = Health.IsHealthy ? null : Health };
        _sequence++;
        Last = heals ? Heal(observation) : null;
        Scale(observation, Last is null ? null : ScaleInGuard.Of(Last));
    }

    private HealingDecision Heal(Observation observation)
    {
        for (var number = 0; ; number++)
        {
            var decision = Heal(observation, number);
            if (!HealingRules.GoesOn(decision, number + 1)) return decision;
        }
    }

    private HealingDecision Heal(Observation observation, int number)
    {
        var input = new HealingInput { Observation = observation, Policy = policy, Epoch = 1, Sequence = _sequence, Number = number };
        if (HealingRules.Wish(_healing, input) is { } wish)
        {
            (_cluster, var answer) = _cluster.Ask(wish);
            input = input with { Answer = answer };
        }

        (_healing, var decision) = HealingRules.Decide(_healing, input);
        if (decision.Action == HealingAction.None) return decision;
        Actions.Add(decision);
        if (service.Pods.FirstOrDefault(p => p.Name == decision.Fault?.Pod) is not { } pod) return decision;
        if (decision.Action == HealingAction.PreferForRemoval) pod.DeletionCost = RemovalChoice.FaultyCost;
        if (decision.Action == HealingAction.EvictPod) Evict(pod, decision);
        return decision;
    }

    /// <summary>Evicts as the API does: a disruption budget of the policy's size refuses what would break it.</summary>
    private void Evict(SimulatedPod pod, HealingDecision decision)
    {
        var least = service.Replicas - (int)Math.Ceiling(policy.Healing.MaxUnavailable * service.Replicas);
        if (service.ReadyReplicas - (pod.IsReady ? 1 : 0) < least)
        {
            BrokenBudgets++;
            _healing = HealingRules.Refused(_healing, decision);
            return;
        }

        service.Delete(pod, "Evicted");
    }

    private void Scale(Observation observation, ScaleInGuard? guard)
    {
        var input = new DecisionInput { Observation = observation, Policy = policy, Epoch = 1, Sequence = _sequence, Guard = guard };
        (_scaling, var decision) = DecisionPipeline.Decide(_scaling, input);
        if (decision is { Action: ScalingAction.Hold } or { DesiredReplicas: null }) return;
        _scaling = DecisionPipeline.Confirm(_scaling, decision, policy.Behavior);
        _healing = HealingRules.Confirm(_healing, decision, observation.Demand);
        service.Scale(decision.DesiredReplicas.Value);
    }
}
