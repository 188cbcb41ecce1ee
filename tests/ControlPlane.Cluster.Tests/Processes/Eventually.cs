using ControlPlane.Client;

namespace ControlPlane.Cluster.Tests.Processes;

/// <summary>Waits for what must happen, however slow the machine is.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>The first value that fits.</summary>
    public static async Task<T> HoldsAsync<T>(Func<Task<T>> read, Func<T, bool> fits, string what)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var value = await read();
            if (fits(value)) return value;
            if (TimeProvider.System.GetElapsedTime(start) > Bound) Assert.Fail($"never: {what}; last seen: {value}");
            await Task.Delay(Pause, TimeProvider.System);
        }
    }

    /// <summary>Repeats a call that a silo refuses, as its answer says.</summary>
    public static Task AcceptedAsync(Func<Task> call, string what) => HoldsAsync(() => Refusal(call), refusal => refusal is null, $"{what} is accepted");

    private static async Task<string?> Refusal(Func<Task> call)
    {
        try
        {
            await call();
            return null;
        }
        catch (ControlPlaneException e)
        {
            return e.Message;
        }
    }
}
