using ControlPlane.Grains.Policies;
using Orleans.Runtime;
using Orleans.Streams;

namespace ControlPlane.Grains;

/// <summary>
/// What every grain that works for one workload step by step has: the policy that it follows, the stream that it answers on, and when it
/// stores its state.
/// </summary>
internal sealed class StepDuties<T>
{
    private StepDuties(PolicyFollower policy, IAsyncStream<T> output, Checkpoint checkpoint) =>
        (Policy, Output, Checkpoint) = (policy, output, checkpoint);

    /// <summary>The policy in force.</summary>
    public PolicyFollower Policy { get; }

    /// <summary>Where the grain's answers go.</summary>
    public IAsyncStream<T> Output { get; }

    /// <summary>When the grain stores its state.</summary>
    public Checkpoint Checkpoint { get; }

    /// <summary>Asks for the policy and makes the rest; to be called on activation.</summary>
    /// <param name="grain">The grain.</param>
    /// <param name="grains">Its factory.</param>
    /// <param name="time">Its clock.</param>
    /// <param name="streamNamespace">What the grain answers with, one of <see cref="GrainInterfaces.StreamNames"/>.</param>
    public static async Task<StepDuties<T>> TakeUp(Grain grain, IGrainFactory grains, TimeProvider time, string streamNamespace)
    {
        var key = grain.GetPrimaryKeyString();
        var output = grain.GetStreamProvider(GrainInterfaces.StreamNames.Provider).GetStream<T>(StreamId.Create(streamNamespace, key));
        var duties = new StepDuties<T>(new PolicyFollower(grains, key), output, new Checkpoint(key, time));
        await duties.Policy.Refresh();
        return duties;
    }
}
