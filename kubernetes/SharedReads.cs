namespace ControlPlane.Kubernetes;

/// <summary>
/// Answers several readers of one thing with one read: a read that is on its way is joined, an answer that is young enough is given again,
/// a failure is given only to those who waited for it. The read has no token of any one reader, and no lock is held while it runs, so a
/// reader that vanishes harms nobody. Entries that nobody asks for any more are dropped.
/// </summary>
internal sealed class SharedReads<TKey, T>(TimeSpan maxAge, TimeProvider time)
    where TKey : notnull
{
    private const int PruneAt = 1024;
    private static readonly TimeSpan Stuck = TimeSpan.FromMinutes(2);
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, Entry> _entries = [];
    private int _pruneAt = PruneAt;

    /// <summary>Answers that are held.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _entries.Count;
        }
    }

    public Task<T> GetAsync(TKey key, Func<CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        TaskCompletionSource<T> started;
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (_entries.TryGetValue(key, out var entry) && entry.IsUsable(now, maxAge)) return entry.Task.WaitAsync(cancellationToken);
            // Without RunContinuationsAsynchronously: in virtual time nothing may reach the thread pool.
            started = new TaskCompletionSource<T>();
            Prune(now);
            _entries[key] = new Entry(started.Task, now);
        }

        _ = RunAsync(started, read);
        return started.Task.WaitAsync(cancellationToken);
    }

    private static async Task RunAsync(TaskCompletionSource<T> started, Func<CancellationToken, Task<T>> read)
    {
        try
        {
            started.SetResult(await read(CancellationToken.None).ConfigureAwait(false));
        }
        catch (Exception e)
        {
            started.SetException(e);
            _ = started.Task.Exception; // Observed: a reader that gave up must not leave an unobserved failure.
        }
    }

    private void Prune(DateTimeOffset now)
    {
        if (_entries.Count < _pruneAt) return;
        foreach (var (key, entry) in _entries)
            if (!entry.IsUsable(now, maxAge)) _entries.Remove(key);
        _pruneAt = Math.Max(PruneAt, _entries.Count * 2);
    }

    private readonly record struct Entry(Task<T> Task, DateTimeOffset StartedAt)
    {
        public bool IsUsable(DateTimeOffset now, TimeSpan maxAge) =>
            Task.IsCompleted ? Task.IsCompletedSuccessfully && now - StartedAt < maxAge : now - StartedAt < Stuck;
    }
}
