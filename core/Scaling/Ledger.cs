using System.Collections.Immutable;
using ControlPlane.Core.Scaling.Hpa;

namespace ControlPlane.Core.Scaling;

/// <summary>
/// The account of no regret: what the HPA would have done by itself, on pods of its own, and how both have fared. As long as the decisions here have not had
/// clearly more steps of violation than it, and have not needed clearly more pods, forecasts decide; otherwise its answer holds.
/// </summary>
[GenerateSerializer, Immutable, Alias("cp.Ledger")]
public sealed record Ledger
{
    /// <summary>Start-ups of violation that the decisions may be behind; the pods of the floor then take one more.</summary>
    public const int LeadsBehind = 2;

    /// <summary>Start-ups for which the HPA's answer is a floor afterwards.</summary>
    public const int LeadsOfFloor = 4;

    /// <summary>Share of the HPA's pods by which the decisions may be ahead of it.</summary>
    public const double PodSlack = 0.01;

    /// <summary>
    /// Steps of its usual replicas that the decisions may be ahead of it besides: an account that was just opened has saved nothing yet. Not of its present
    /// replicas: at a peak those are many times the usual ones.
    /// </summary>
    public const int GraceSteps = 120;

    /// <summary>Memory of the virtual HPA; null before its first step.</summary>
    [Id(0)] public HpaState? Hpa { get; init; }

    /// <summary>Replicas that it asks for.</summary>
    [Id(1)] public int HpaReplicas { get; init; }

    /// <summary>Its replicas over the last start-up, those that no later ones undercut: the first are ready.</summary>
    [Id(2)] public ImmutableArray<TimedReplicas> HpaReady { get; init; } = [];

    /// <summary>Pods of it that served the newest step.</summary>
    [Id(3)] public int HpaServing { get; init; }

    /// <summary>The two accounts.</summary>
    [Id(4)] public LedgerBooks Books { get; init; }

    /// <summary>Steps for which its answer is still a floor.</summary>
    [Id(5)] public int FloorSteps { get; init; }

    /// <summary>Whether the room in the account was used up and has not come back yet.</summary>
    [Id(6)] public bool IsSpent { get; init; }

    /// <summary>The terms on which the next step is decided.</summary>
    /// <param name="lead">Steps of a start-up.</param>
    public LedgerTerms Terms(int lead) => LedgerTerms.Of(Books, FloorSteps, IsSpent, HpaReplicas, lead);
}

/// <summary>Steps in violation and pods, of the decisions and of the virtual HPA.</summary>
/// <param name="OwnViolations">Steps with less capacity than demand.</param>
/// <param name="HpaViolations">Those that the HPA would have had.</param>
/// <param name="OwnPods">Pod-steps.</param>
/// <param name="HpaPods">Those of the HPA.</param>
/// <param name="Steps">Steps that are counted.</param>
[GenerateSerializer, Immutable, Alias("cp.LedgerBooks")]
public readonly record struct LedgerBooks(
    [property: Id(0)] long OwnViolations, [property: Id(1)] long HpaViolations, [property: Id(2)] long OwnPods, [property: Id(3)] long HpaPods, [property: Id(4)] long Steps)
{
    /// <summary>After one more step.</summary>
    public LedgerBooks With(bool isOwnViolated, bool isHpaViolated, int ownPods, int hpaPods) => new(
        OwnViolations + (isOwnViolated ? 1 : 0), HpaViolations + (isHpaViolated ? 1 : 0), OwnPods + ownPods, HpaPods + hpaPods, Steps + 1);
}
