using Orleans.Runtime;
using Orleans.Storage;

namespace ControlPlane.Grains;

/// <summary>The one way in which grains change what they store.</summary>
internal static class PersistentStateExtensions
{
    /// <summary>Writes the next state; when that fails the state in memory stays what it was and the failure goes to the caller.</summary>
    public static async Task Replace<T>(this IPersistentState<T> state, T next)
    {
        var before = state.State;
        state.State = next;
        try
        {
            await state.WriteStateAsync();
        }
        catch
        {
            state.State = before;
            throw;
        }
    }

    /// <summary>
    /// Writes a checkpoint; a grain goes on from memory when storage fails. Another's state in storage still ends the activation.
    /// </summary>
    /// <param name="state">The state.</param>
    /// <param name="next">What is written.</param>
    /// <param name="kept">
    /// What stays in the state's own memory afterwards: without the bytes of a model or window, which lives in the grain and would otherwise be
    /// there twice.
    /// </param>
    /// <returns>Why it was not stored; null when it was.</returns>
    public static async Task<OrleansException?> TryStore<T>(this IPersistentState<T> state, T next, T kept)
    {
        try
        {
            await state.Replace(next);
        }
        catch (OrleansException e) when (e is not InconsistentStateException)
        {
            return e;
        }
        state.State = kept;
        return null;
    }
}
