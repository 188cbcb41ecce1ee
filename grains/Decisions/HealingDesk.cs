using System.Collections.Immutable;
using ControlPlane.Core.Healing;
using ControlPlane.Core.Metrics;
using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling;
using ControlPlane.GrainInterfaces;
using Orleans.Runtime;
using Orleans.Streams;

namespace ControlPlane.Grains.Decisions;

/// <summary>Decides for one workload what is done about its faults, and keeps what the next decision needs.</summary>
/// <param name="grains">Finds the cluster's grain.</param>
/// <param name="output">Where decisions to do something go.</param>
/// <param name="store">Stores the memory; whether it did.</param>
internal sealed class HealingDesk(IGrainFactory grains, IAsyncStream<HealingDecision> output, Func<Task<bool>> store)
{
    /// <summary>Records of decisions that are kept.</summary>
    private const int Kept = 8;
    private readonly Queue<HealingRecord> _records = new(Kept);

    /// <summary>What healing remembers.</summary>
    public HealingState Memory { get; set; } = HealingState.Empty;

    /// <summary>Records of what was decided to be done, newest first.</summary>
    public ImmutableArray<HealingRecord> Records => [.. _records.Reverse()];

    /// <summary>Decides a step and passes on what is to be done.</summary>
    /// <returns>What scaling must keep to; null when nothing.</returns>
    public async Task<ScaleInGuard?> Step(Observation observation, PolicyDocument policy, long epoch, long sequence)
    {
        // Nearly always nothing is wrong and nothing was.
        if (observation.Health is null && Memory is { HoldingSince: null, ScaleIn: null }) return null;
        for (var number = 0; ; number++)
        {
            var input = new HealingInput { Observation = observation, Policy = policy, Epoch = epoch, Sequence = sequence, Number = number };
            if (HealingRules.Wish(Memory, input) is { } wish) input = input with { Answer = await Ask(wish) };
            var before = Memory;
            (Memory, var decision) = HealingRules.Decide(before, input);
            // An eviction that a crash makes forgotten would not count against the limits of the hour and the day.
            if (decision is { Action: HealingAction.EvictPod, IsActionable: true } && !await store())
            {
                Memory = before;
                return ScaleInGuard.Of(decision);
            }

            if (decision.Action != HealingAction.None)
            {
                if (_records.Count == Kept) _records.Dequeue();
                _records.Enqueue(new HealingRecord { Before = before, Input = input, Decision = decision });
                await output.OnNextAsync(decision);
            }

            if (!HealingRules.GoesOn(decision, number + 1)) return ScaleInGuard.Of(decision);
        }
    }

    /// <summary>Takes in what became of a decision of ours.</summary>
    /// <returns>Whether it was one.</returns>
    public bool OnResult(ActuationResult result)
    {
        if (_records.FirstOrDefault(r => r.Decision.Id == result.DecisionId)?.Decision is not { } decision) return false;
        if (decision.Action == HealingAction.EvictPod && result.Outcome is not (ActuationOutcome.Applied or ActuationOutcome.Skipped)) Memory = HealingRules.Refused(Memory, decision);
        return true;
    }

    /// <summary>Without an answer there is no permission.</summary>
    private async Task<HealingAnswer> Ask(HealingWish wish)
    {
        try
        {
            return await grains.GetGrain<IHealingGrain>(wish.Workload.Cluster).Ask(wish);
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            return HealingAnswer.Unknown;
        }
    }
}
