using ControlPlane.Core.Forecasting;
using ControlPlane.Core.Learning;
using ControlPlane.Core.Metrics;
using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling.Hpa;
using ControlPlane.Core.Scaling.Teams;

namespace ControlPlane.Core.Scaling;

/// <summary>
/// Decides one step of one workload: signals, reactive reference, capacity, predictive target, trend gate, trust, guardrails. Pure: the
/// same state and input give the same decision, bit for bit. The grain and the backtest both call it.
/// </summary>
public static class DecisionPipeline
{
    /// <summary>A decision and the state for the next step.</summary>
    /// <param name="State">The state after the decision.</param>
    /// <param name="Decision">The decision.</param>
    public readonly record struct Result(DecisionState State, ScalingDecision Decision);

    /// <summary>Decides.</summary>
    public static Result Decide(DecisionState state, DecisionInput input)
    {
        var (observation, policy) = (input.Observation, input.Policy);
        if (policy.Mode == PolicyMode.Off) return Idle(state, input, ReasonCode.PolicyOff);
        if (observation.CurrentReplicas is not { } current) return Idle(state, input, ReasonCode.ReplicasUnknown);

        var stages = new StageList();
        var bounds = PolicyBounds.At(policy, observation.Time);
        if (policy.Budget is not null || state.Budget is not null) state = state with { Budget = BudgetAccount.Step(state.Budget, policy, observation, current) };
        if (policy.Team is not null || state.Team is not null) state = state with { Team = TeamShare.Step(state.Team, policy, observation, current) };
        var zero = ZeroScaling.Judge(state.Idle, input, bounds, current, stages);
        if (zero.State != state.Idle) state = state with { Idle = zero.State };
        if (zero.Desired is { } atZero) return new(state, Conclude(input, current, new Proposal(atZero, atZero, null, IsPredicted: false), atZero, zero.Reason, stages));
        if (current == 0) return Idle(state, input, ReasonCode.ScaledToZero);

        var signals = SignalGate.Judge(observation, policy.Reactive, stages);
        var reactive = Reactive(state, input, current, bounds, stages);
        state = state with { Reactive = reactive.State, SaturationPerReplica = CapacityModel.Learn(state.SaturationPerReplica, observation) };
        var proposal = new Proposal(reactive.Recommended, reactive.Desired ?? current, reactive.Rule, IsPredicted: false);

        var capacity = CapacityModel.PerReplica(state.SaturationPerReplica, policy);
        var lead = LeadSteps(observation, policy);
        state = state with { Ledger = VirtualHpa.Step(state.Ledger, observation, current, capacity, policy, bounds, lead) };
        var isPredictable = signals.HasDemand && IsUsable(input.Forecast, observation, policy) && capacity is > 0 && bounds.Clamp(current) == current;
        var move = AdviserStage.Step(ref state, input, current, isPredictable, stages);
        if (isPredictable)
            proposal = Predict(ref state, input, current, bounds, capacity!.Value, lead, proposal, move, stages);
        else if (!state.RecentTargets.IsEmpty)
            state = state with { RecentTargets = [], ReleaseCredit = 0 };

        var budgeted = Guardrails.Budgeted(state.Budget, policy, observation.Step, proposal, stages);
        var ofTeam = state.Team?.Limit(policy, observation, current, proposal, stages);
        var (desired, reason) = Guardrails.Apply(policy, bounds, signals, current, proposal, stages, input.Guard, budgeted, ofTeam);
        return new(state, Conclude(input, current, proposal, desired, reason, stages));
    }

    /// <summary>The state after the decision was carried out: the rate limits count the change.</summary>
    public static DecisionState Confirm(DecisionState state, ScalingDecision decision, BehaviorPolicy behavior) =>
        decision is { CurrentReplicas: { } from, DesiredReplicas: { } to } && state.Reactive is { } reactive
            ? state with { Reactive = HpaAlgorithm.RecordScale(reactive, decision.Time, from, to, behavior) }
            : state;

    /// <summary>The state after it is certain that the decision was not carried out and will not be.</summary>
    public static DecisionState Refused(DecisionState state, ScalingDecision decision)
    {
        var idle = ZeroScaling.Refused(state.Idle, decision);
        return idle == state.Idle ? state : state with { Idle = idle };
    }

    private static HpaResult Reactive(DecisionState state, DecisionInput input, int current, PolicyBounds bounds, StageList stages)
    {
        var now = input.Observation.Time;
        var memory = Memory(state.Reactive, now, current);
        var result = HpaAlgorithm.Evaluate(memory, input.Observation, input.Policy.Reactive, input.Policy.Behavior, bounds.Min, bounds.Max, now);
        stages.Add("reactive", result.Rule, result.Desired ?? current,
            new("current", current), new("recommended", result.Recommended), new("stabilized", result.Stabilized), new("ratio", MaxRatio(result)));
        return result;
    }

    /// <summary>Without recommendations (first step, or after a restart) the current replicas are the first one.</summary>
    private static HpaState Memory(HpaState? known, DateTimeOffset now, int current) => known switch
    {
        null => HpaState.Initial(now, current),
        { Highs.IsEmpty: true } => HpaState.Initial(now, current) with { ScaleUps = known.ScaleUps, ScaleDowns = known.ScaleDowns },
        _ => known,
    };

    private static double? MaxRatio(HpaResult result)
    {
        double? greatest = null;
        foreach (var proposal in result.Proposals)
            if (proposal.Ratio is { } ratio && !(ratio <= greatest)) greatest = ratio;
        return greatest;
    }

    /// <summary>A forecast counts when it holds values, is as new as the observation and the policy wants it.</summary>
    internal static bool IsUsable(Forecast? forecast, Observation observation, PolicyDocument policy) =>
        policy.Predictive.Enabled && forecast is { Status: ForecastStatus.Ready, Horizon: > 0 } && forecast.IssuedAt == observation.Time;

    private static Proposal Predict(
        ref DecisionState state, DecisionInput input, int current, PolicyBounds bounds, double capacity, int lead, Proposal reactive, AdviserMove move, StageList stages)
    {
        var (forecast, policy) = (input.Forecast!, input.Policy);
        var terms = state.Ledger!.Terms(lead);
        var safe = SafeSet.Restrict(move, state.Ledger.Books, terms);
        var violationCost = policy.Predictive.ViolationCost * terms.PriceShare * safe.PriceFactor;
        Span<float> room = stackalloc float[RiskCurve.Room(forecast.Quantiles.Length)];
        var prices = new ReplicaPrices(RiskCurve.Of(forecast, 1, lead + 1, room), capacity, violationCost);
        var wish = safe.Raise(prices.Cheapest(bounds.Min, bounds.Max), bounds.Max);
        var row = Math.Min(lead, forecast.Horizon);
        stages.Add("predictive", null, wish,
            new("lead_seconds", lead * input.Observation.Step.TotalSeconds), new("capacity_rps", capacity),
            new("p50_rps", At(forecast, row, 0.5f)), new("p90_rps", At(forecast, row, 0.9f)), new("violation_cost", violationCost));

        var target = terms.Bound(wish);
        var gate = TrendGate.Pass(state.RecentTargets, state.ReleaseCredit, target, current, lead, prices, policy.Predictive.ChangeCost, terms);
        stages.Add("trend", gate.Replicas == target ? null : "held", gate.Replicas, new("held", gate.Held), new("credit", gate.Credit));

        var ledger = state.Ledger with { FloorSteps = terms.FloorSteps, IsSpent = terms.IsSpent };
        var trusted = Trust.Judge(ledger, terms, input, wish, gate.Replicas, reactive, stages);
        state = state with { RecentTargets = gate.Recent, ReleaseCredit = gate.Credit, Ledger = ledger };
        if (trusted == reactive) return trusted;
        // The trend gate stands for stabilization under a trusted forecast; the rate limits stay.
        var limited = HpaBehavior.Limit(state.Reactive!, policy.Behavior, current, trusted.Replicas, bounds.Min, bounds.Max, input.Observation.Time, out var rule);
        return trusted with { Recommended = target, Replicas = limited, Rule = rule };
    }

    /// <summary>Steps from a decision to a ready replica: measured where it was, else the policy's; at least one.</summary>
    public static int LeadSteps(Observation observation, PolicyDocument policy)
    {
        var lead = observation.StartupSeconds is { } measured ? TimeSpan.FromSeconds(measured) : policy.Predictive.LeadTime;
        return (int)Math.Clamp(Math.Ceiling(lead / observation.Step), 1, TrendGate.MaxTargets - 1);
    }

    private static double? At(Forecast forecast, int row, float quantile)
    {
        var index = forecast.Quantiles.IndexOf(quantile);
        return index >= 0 ? forecast.At(row, index) : null;
    }

    private static Result Idle(DecisionState state, DecisionInput input, ReasonCode reason) =>
        new(state, Conclude(input, input.Observation.CurrentReplicas, default, input.Observation.CurrentReplicas, reason, new StageList()));

    private static ScalingDecision Conclude(DecisionInput input, int? current, Proposal proposal, int? desired, ReasonCode reason, StageList stages) => new()
    {
        Id = $"{input.Observation.Workload}@{input.Epoch}.{input.Sequence}",
        Workload = input.Observation.Workload,
        Epoch = input.Epoch,
        Sequence = input.Sequence,
        Time = input.Observation.Time,
        CurrentReplicas = current,
        RecommendedReplicas = proposal.Recommended,
        DesiredReplicas = desired,
        Action = desired > current ? ScalingAction.ScaleUp : desired < current ? ScalingAction.ScaleDown : ScalingAction.Hold,
        Reason = reason,
        Stages = stages.Drain(),
        PolicyVersion = input.Policy.Version,
        Model = proposal.IsPredicted ? $"{input.Forecast!.Model}/{input.Forecast.ModelVersion}" : null,
        IsActionable = input.Policy.Mode == PolicyMode.Auto,
    };
}
