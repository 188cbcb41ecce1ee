using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace ControlPlane.Core.Scaling;

/// <summary>
/// Lowers only to the greatest target of the last lead time, and only after the saving has paid for a possible return (ski rental: the credit of pod-steps
/// reaches the price of a change). Raises at once at the usual price; where a change is dearer, once what could have been saved is worth it, which a likely
/// violation is at once.
/// </summary>
public static class TrendGate
{
    /// <summary>Most targets that are remembered.</summary>
    public const int MaxTargets = 64;

    /// <summary>Usual price of a change, pod-steps.</summary>
    public const double UsualPrice = 10;

    /// <summary>Share of what a change costs above the usual that a raise must have been able to save.</summary>
    public const double RaiseShare = 0.15;

    /// <summary>What the gate lets through.</summary>
    /// <param name="Replicas">The target.</param>
    /// <param name="Held">Greatest target of the window.</param>
    /// <param name="Recent">The window after this step, oldest first.</param>
    /// <param name="Credit">The credit after this step.</param>
    public readonly record struct Result(int Replicas, int Held, ImmutableArray<int> Recent, double Credit);

    /// <summary>Passes a target through the gate.</summary>
    /// <param name="recent">Targets of the last steps, oldest first.</param>
    /// <param name="credit">Pod-steps gathered so far.</param>
    /// <param name="target">This step's target.</param>
    /// <param name="current">Replicas now.</param>
    /// <param name="lead">Steps of a start-up.</param>
    /// <param name="prices">What a number of replicas is expected to cost.</param>
    /// <param name="changeCost">Price of a change, pod-steps.</param>
    public static Result Pass(ImmutableArray<int> recent, double credit, int target, int current, int lead, ReplicaPrices prices, double changeCost)
    {
        var window = Window(lead, changeCost);
        var kept = Math.Min(recent.Length, window - 1);
        var next = new int[kept + 1];
        recent.AsSpan()[^kept..].CopyTo(next);
        next[kept] = target;
        var held = target;
        foreach (var earlier in next) held = Math.Max(held, earlier);
        var saving = held == current ? 0 : prices.Of(current) - prices.Of(held);
        var (replicas, left) = Step(current, held, credit, saving, changeCost);
        return new(replicas, held, ImmutableCollectionsMarshal.AsImmutableArray(next), left);
    }

    /// <summary>The rule itself: replicas and credit after a step.</summary>
    /// <param name="current">Replicas now.</param>
    /// <param name="held">Greatest target of the window.</param>
    /// <param name="credit">Pod-steps gathered so far; below 0 for a raise.</param>
    /// <param name="saving">What the held target costs less than the current replicas, pod-steps; looked at when they differ.</param>
    /// <param name="changeCost">Price of a change, pod-steps.</param>
    public static (int Replicas, double Credit) Step(int current, int held, double credit, double saving, double changeCost)
    {
        if (held == current) return (held, 0);
        var gained = Math.Max(0, saving);
        if (held < current)
        {
            credit = Math.Max(credit, 0) + gained;
            return credit >= changeCost ? (held, 0) : (current, credit);
        }

        credit = Math.Min(credit, 0) - gained;
        return -credit >= RaiseShare * Math.Max(0, changeCost - UsualPrice) ? (held, 0) : (current, credit);
    }

    /// <summary>Steps to look back, this one included: a start-up, longer where changes are dear.</summary>
    /// <param name="lead">Steps of a start-up.</param>
    /// <param name="changeCost">Price of a change, pod-steps.</param>
    public static int Window(int lead, double changeCost) => (int)Math.Clamp(Math.Max(lead + 1, changeCost - UsualPrice), 1, MaxTargets);
}
