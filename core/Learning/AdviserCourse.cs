using System.Collections.Immutable;
using ControlPlane.Core.Scaling;
using ControlPlane.Core.Scaling.Hpa;

namespace ControlPlane.Core.Learning;

/// <summary>
/// The replicas that the pipeline would have chosen with certain moves, on pods of its own as the virtual HPA of a <see cref="Ledger"/> has them, and what they cost:
/// pods, the price of each step in violation and that of each change. With the ledger, the trend gate and the rate limits; without schedule edges, budgets and faults.
/// </summary>
[GenerateSerializer, Immutable, Alias("cp.AdviserCourse")]
public sealed record AdviserCourse
{
    private const double MissGain = 1 / 240.0;

    /// <summary>Changes that the rate limits count.</summary>
    [Id(0)] public required HpaState Limits { get; init; }

    /// <summary>Replicas.</summary>
    [Id(1)] public required int Replicas { get; init; }

    /// <summary>Replicas over the last start-up, those that no later ones undercut: the first are ready.</summary>
    [Id(2)] public ImmutableArray<TimedReplicas> Ready { get; init; } = [];

    /// <summary>Pods that served the newest step.</summary>
    [Id(3)] public int Serving { get; init; }

    /// <summary>Targets of the trend gate.</summary>
    [Id(4)] public ImmutableArray<int> RecentTargets { get; init; } = [];

    /// <summary>Credit of the trend gate.</summary>
    [Id(5)] public double ReleaseCredit { get; init; }

    /// <summary>Steps for which the HPA's answer is still a floor.</summary>
    [Id(6)] public int FloorSteps { get; init; }

    /// <summary>Whether the room for pods was used up.</summary>
    [Id(7)] public bool IsSpent { get; init; }

    /// <summary>Steps in violation.</summary>
    [Id(8)] public long Violations { get; init; }

    /// <summary>Pod-steps.</summary>
    [Id(9)] public long PodSteps { get; init; }

    /// <summary>Running share of steps in violation, over about an hour of 15 s steps.</summary>
    [Id(10)] public double RecentMisses { get; init; }

    /// <summary>Cost of the newest step, pod-steps.</summary>
    [Id(11)] public double StepCost { get; init; }

    /// <summary>Whether the last decision changed the replicas.</summary>
    [Id(12)] public bool IsChanged { get; init; }

    /// <summary>A course that begins where the real replicas are.</summary>
    internal static AdviserCourse Begin(AdviserScene scene, int current) => new()
    {
        Limits = HpaState.Initial(scene.Observation.Time, current),
        Replicas = current,
        Serving = current,
        FloorSteps = scene.Ledger.FloorSteps,
        IsSpent = scene.Ledger.IsSpent,
        Violations = scene.Ledger.Books.OwnViolations,
        PodSteps = scene.Ledger.Books.OwnPods,
    };

    /// <summary>The accounts of this course against the virtual HPA.</summary>
    internal LedgerBooks Books(Ledger ledger) => ledger.Books with { OwnViolations = Violations, OwnPods = PodSteps };

    /// <summary>Closes a step and decides the next one.</summary>
    internal AdviserCourse Step(AdviserScene scene, AdviserMove move) => Served(scene).Decide(scene, move);

    private AdviserCourse Served(AdviserScene scene)
    {
        var (observation, policy) = (scene.Observation, scene.Policy.Predictive);
        var replicas = scene.Bounds.Clamp(Replicas);
        var ready = RecommendationWindow.PushLow(Ready, replicas, observation.Time, (scene.Lead + 1) * observation.Step, out var serving);
        var isViolated = Learning.StepCost.IsViolated(serving, observation.Demand, scene.Capacity);
        return this with
        {
            Replicas = replicas,
            Ready = ready,
            Serving = serving,
            Violations = Violations + (isViolated ? 1 : 0),
            PodSteps = PodSteps + replicas,
            RecentMisses = RecentMisses + MissGain * ((isViolated ? 1 : 0) - RecentMisses),
            StepCost = Learning.StepCost.Of(policy, replicas, serving, observation.Demand, scene.Capacity, IsChanged),
        };
    }

    private AdviserCourse Decide(AdviserScene scene, AdviserMove move)
    {
        var bounds = scene.Bounds;
        if (!scene.IsPredicted || scene.Capacity is not > 0) return Take(scene, bounds.Clamp(scene.Ledger.HpaReplicas)) with { RecentTargets = [], ReleaseCredit = 0 };
        var books = Books(scene.Ledger);
        var terms = LedgerTerms.Of(books, FloorSteps, IsSpent, scene.Ledger.HpaReplicas, scene.Lead);
        var safe = SafeSet.Restrict(move, books, terms);
        var policy = scene.Policy.Predictive;
        var prices = new ReplicaPrices(scene.Curve, scene.Capacity.Value, policy.ViolationCost * terms.PriceShare * safe.PriceFactor);
        var target = terms.Bound(safe.Raise(prices.Cheapest(bounds.Min, bounds.Max), bounds.Max));
        var gate = TrendGate.Pass(RecentTargets, ReleaseCredit, target, Replicas, scene.Lead, prices, policy.ChangeCost, terms);
        var next = HpaBehavior.Limit(Limits, scene.Policy.Behavior, Replicas, gate.Replicas, bounds.Min, bounds.Max, scene.Observation.Time, out _);
        return Take(scene, next) with { RecentTargets = gate.Recent, ReleaseCredit = gate.Credit, FloorSteps = terms.FloorSteps, IsSpent = terms.IsSpent };
    }

    private AdviserCourse Take(AdviserScene scene, int next) => this with
    {
        Limits = HpaBehavior.RecordScale(Limits, scene.Observation.Time, Replicas, next, scene.Policy.Behavior),
        Replicas = next,
        IsChanged = next != Replicas,
    };
}
