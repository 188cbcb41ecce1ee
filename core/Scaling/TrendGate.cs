using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace ControlPlane.Core.Scaling;

/// <summary>
/// Raises at once; lowers only to the greatest target of the last lead time, and only after the saving has paid for a possible return
/// (ski rental: the credit of pod-steps reaches <see cref="ReleasePrice"/>).
/// </summary>
public static class TrendGate
{
    /// <summary>Most targets that are remembered.</summary>
    public const int MaxTargets = 64;

    /// <summary>Pod-steps that must have been saveable before replicas are released.</summary>
    public const double ReleasePrice = 10;

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
    /// <param name="window">Steps to look back, this one included.</param>
    /// <param name="prices">What a number of replicas is expected to cost.</param>
    public static Result Pass(ImmutableArray<int> recent, double credit, int target, int current, int window, ReplicaPrices prices)
    {
        window = Math.Clamp(window, 1, MaxTargets);
        var kept = Math.Min(recent.Length, window - 1);
        var next = new int[kept + 1];
        recent.AsSpan()[^kept..].CopyTo(next);
        next[kept] = target;
        var held = target;
        foreach (var earlier in next) held = Math.Max(held, earlier);
        var saving = held < current ? prices.Of(current) - prices.Of(held) : 0;
        var (replicas, left) = Step(current, held, credit, saving);
        return new(replicas, held, ImmutableCollectionsMarshal.AsImmutableArray(next), left);
    }

    /// <summary>The rule itself: replicas and credit after a step.</summary>
    /// <param name="current">Replicas now.</param>
    /// <param name="held">Greatest target of the window.</param>
    /// <param name="credit">Pod-steps gathered so far.</param>
    /// <param name="saving">What the held target costs less than the current replicas, pod-steps; looked at when it is lower.</param>
    public static (int Replicas, double Credit) Step(int current, int held, double credit, double saving)
    {
        if (held >= current) return (held, 0);
        credit += Math.Max(0, saving);
        return credit >= ReleasePrice ? (held, 0) : (current, credit);
    }
}
