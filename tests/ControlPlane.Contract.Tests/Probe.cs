using System.Collections.Concurrent;

namespace ControlPlane.Contract.Tests;

/// <summary>What a grain shows to its test and waits for from it; found by the grain's key, in one process.</summary>
public sealed class Probe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly ConcurrentDictionary<string, Probe> All = new();

    private readonly ConcurrentDictionary<string, TaskCompletionSource> _signals = new();
    private readonly List<string> _log = [];

    public string[] Log
    {
        get
        {
            lock (_log)
            {
                return [.. _log];
            }
        }
    }

    public static Probe Of(string key) => All.GetOrAdd(key, static _ => new Probe());

    public int Count(string entry) => Log.Count(e => e == entry);

    public void Add(string entry)
    {
        lock (_log)
        {
            _log.Add(entry);
        }
    }

    public void Signal(string name) => Of(name, _signals).TrySetResult();

    public bool IsSignalled(string name) => Of(name, _signals).Task.IsCompleted;

    /// <summary>Waits for a signal; fails if it does not come in a time that is long on any machine.</summary>
    public Task WaitAsync(string name) => Of(name, _signals).Task.WaitAsync(Patience, TimeProvider.System);

    /// <summary>Waits until something holds, looking now and then.</summary>
    public static async Task EventuallyAsync(Func<Task<bool>> holds, string what)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(start) < Patience, $"Never: {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
    }

    public static Task EventuallyAsync(Func<bool> holds, string what) => EventuallyAsync(() => Task.FromResult(holds()), what);

    private static TaskCompletionSource Of(string name, ConcurrentDictionary<string, TaskCompletionSource> signals)
        => signals.GetOrAdd(name, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
