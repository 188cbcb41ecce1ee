using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace ControlPlane.Core.Scaling;

/// <summary>
/// Changes the replicas only when that has paid for itself (ski rental: the credit of pod-steps that the change could have saved reaches a price). Lowers to the greatest
/// target of the last minutes; a raise is cheaper, and a likely violation is worth it at once. Both prices are in proportion to what a change costs.
/// </summary>
public static class TrendGate
{
    /// <summary>Most targets that are remembered.</summary>
    public const int MaxTargets = 64;

    /// <summary>Usual cost of a change, pod-steps.</summary>
    public const double UsualCost = 10;

    /// <summary>Price of a release, times the cost of a change.</summary>
    public const double ReleasePrice = 2.2;

    /// <summary>Price of a raise, times the cost of a change.</summary>
    public const double RaisePrice = 0.2;

    /// <summary>Fewest steps to look back, this one included.</summary>
    public const int LeastWindow = 5;

    /// <summary>What the gate lets through.</summary>
    /// <param name="Replicas">The target.</param>
    /// <param name="Held">Greatest target of the window.</param>
    /// <param name="Recent">The window after this step, oldest first.</param>
    /// <param name="Credit">The credit after this step.</param>
    public readonly record struct Result(int Replicas, int Held, ImmutableArray<int> Recent, double Credit);

    /// <summary>Passes a target through the gate.</summary>
    /// <param name="recent">Targets of the last steps, oldest first.</param>
    /// <param name="credit">Pod-steps gathered so far.</param>
    /// <param name="target">This step's target, within the terms.</param>
    /// <param name="current">Replicas now.</param>
    /// <param name="lead">Steps of a start-up.</param>
    /// <param name="prices">What a number of replicas is expected to cost.</param>
    /// <param name="changeCost">Cost of a change, pod-steps.</param>
    /// <param name="terms">What the account of no regret allows; it does not wait.</param>
    public static Result Pass(
        ImmutableArray<int> recent, double credit, int target, int current, int lead, ReplicaPrices prices, double changeCost, LedgerTerms terms)
    {
        var kept = Math.Min(recent.Length, Window(lead) - 1);
        var next = new int[kept + 1];
        recent.AsSpan()[^kept..].CopyTo(next);
        next[kept] = target;
        var held = target;
        foreach (var earlier in next) held = Math.Max(held, earlier);
        held = terms.Bound(held);
        var start = terms.Bound(current);
        var saving = held == start ? 0 : prices.Of(start) - prices.Of(held);
        var (replicas, left) = Step(start, held, start == current ? credit : 0, saving, changeCost);
        return new(replicas, held, ImmutableCollectionsMarshal.AsImmutableArray(next), left);
    }

    /// <summary>The rule itself: replicas and credit after a step.</summary>
    /// <param name="current">Replicas now.</param>
    /// <param name="held">Greatest target of the window.</param>
    /// <param name="credit">Pod-steps gathered so far; below 0 for a raise.</param>
    /// <param name="saving">What the held target costs less than the current replicas, pod-steps; looked at when they differ.</param>
    /// <param name="changeCost">Cost of a change, pod-steps.</param>
    public static (int Replicas, double Credit) Step(int current, int held, double credit, double saving, double changeCost)
    {
        if (held == current) return (held, 0);
        var gained = Math.Max(0, saving);
        if (held < current)
        {
            credit = Math.Max(credit, 0) + gained;
            return credit >= ReleasePrice * changeCost ? (held, 0) : (current, credit);
        }

        credit = Math.Min(credit, 0) - gained;
        return -credit >= RaisePrice * changeCost ? (held, 0) : (current, credit);
    }

    /// <summary>Steps to look back, this one included: at least a start-up.</summary>
    /// <param name="lead">Steps of a start-up.</param>
    public static int Window(int lead) => Math.Clamp(lead + 1, LeastWindow, MaxTargets);
}
