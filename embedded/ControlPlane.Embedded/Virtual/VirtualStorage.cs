using Orleans.Storage;

namespace ControlPlane.Embedded.Virtual;

/// <summary>A storage that takes a moment chosen by seed, and fails when the fault plan says so.</summary>
internal sealed class VirtualStorage(IGrainStorage inner, VirtualScheduler scheduler, FaultPlan plan, TimeProvider time) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        => RunAsync(grainId, grainState, copy => inner.ReadStateAsync(stateName, grainId, copy));

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        => RunAsync(grainId, grainState, copy => inner.WriteStateAsync(stateName, grainId, copy));

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        => RunAsync(grainId, grainState, copy => inner.ClearStateAsync(stateName, grainId, copy));

    private async Task RunAsync<T>(GrainId grainId, IGrainState<T> record, Func<IGrainState<T>, Task> operation)
    {
        await scheduler.Yield().ConfigureAwait(false);
        if (plan.Happens(FaultKind.DelayStorage, grainId))
        {
            await Task.Delay(plan.NextDelay(), time).ConfigureAwait(false);
        }

        if (plan.Happens(FaultKind.FailStorageBefore, grainId))
        {
            throw new IOException($"Injected: storage failed before the operation on {grainId} took effect.");
        }

        // The grain learns of the new version only if it gets the answer.
        var copy = new GrainState<T>(record.State, record.ETag) { RecordExists = record.RecordExists };
        await operation(copy).ConfigureAwait(false);
        if (plan.Happens(FaultKind.FailStorageAfter, grainId))
        {
            throw new IOException($"Injected: storage failed after the operation on {grainId} took effect.");
        }

        record.State = copy.State;
        record.ETag = copy.ETag;
        record.RecordExists = copy.RecordExists;
    }
}
