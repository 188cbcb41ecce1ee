using Orleans.Runtime;

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
}
