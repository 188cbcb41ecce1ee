using System.Data.Common;
using System.Net.Sockets;
using ControlPlane.Silo.Health;
using Orleans.Runtime;
using Orleans.Storage;

namespace ControlPlane.Silo.Wiring;

/// <summary>
/// Storage that repeats what a passing failure of the database broke, with growing pauses but within a grain call's time; while the database is
/// known to be gone it does not repeat, so that grains go on at once. What fails for good is told as Orleans' own exception: the database's could
/// not travel between silos.
/// </summary>
internal sealed class RetryingStorage(IGrainStorage inner, IGrainStorageSerializer serializer, StoreHealth health, TimeProvider time) : IGrainStorage
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(2);

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        RepeatAsync($"{stateName} of {grainId} was not read", () => inner.ReadStateAsync(stateName, grainId, grainState));

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        RepeatAsync($"{stateName} of {grainId} was not removed", () => inner.ClearStateAsync(stateName, grainId, grainState));

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var repeated = false;
        try
        {
            await RepeatAsync($"{stateName} of {grainId} was not stored", () => inner.WriteStateAsync(stateName, grainId, grainState), () => repeated = true).ConfigureAwait(false);
        }
        catch (InconsistentStateException) when (repeated)
        {
            if (!await WasStoredAsync(stateName, grainId, grainState).ConfigureAwait(false)) throw;
        }
    }

    /// <summary>A write whose answer was lost may have been stored all the same; then its repetition finds a version that it does not expect.</summary>
    private async Task<bool> WasStoredAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var stored = new GrainState<T>();
        await inner.ReadStateAsync(stateName, grainId, stored).ConfigureAwait(false);
        if (!stored.RecordExists || !Bytes(stored.State).SequenceEqual(Bytes(grainState.State))) return false;
        (grainState.ETag, grainState.RecordExists) = (stored.ETag, true);
        return true;
    }

    private ReadOnlySpan<byte> Bytes<T>(T state) => serializer.Serialize(state).ToMemory().Span;

    private async Task RepeatAsync(string failure, Func<Task> attempt, Action? onRepeat = null)
    {
        var start = time.GetTimestamp();
        for (var pause = FirstPause; ; pause *= 2)
        {
            try
            {
                await attempt().ConfigureAwait(false);
                return;
            }
            catch (Exception e) when (IsPassing(e) && health.Fault is null && time.GetElapsedTime(start) + pause < Budget)
            {
                onRepeat?.Invoke();
            }
            catch (Exception e) when (e is DbException || IsPassing(e))
            {
                throw new OrleansException($"{failure}: {e.GetBaseException().Message}");
            }
            await Task.Delay(pause, time).ConfigureAwait(false);
        }
    }

    private static bool IsPassing(Exception e) => e is DbException { IsTransient: true } or TimeoutException or SocketException or IOException;
}
