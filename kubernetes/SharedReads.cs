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
        // A waiter each: of several continuations of one task all but one go to the thread pool, outside virtual time.
        var waiter = new TaskCompletionSource<T>();
        Entry? started = null;
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (_entries.GetValueOrDefault(key) is not { } entry || !entry.IsUsable(now, maxAge))
            {
                Prune(now);
                _entries[key] = entry = started = new Entry(now);
            }
            if (entry.Answer is { } answer) return answer;
            entry.Waiters.Add((waiter, cancellationToken.Register(() => waiter.TrySetCanceled(cancellationToken))));
        }

        if (started is not null) _ = RunAsync(started, read);
        return waiter.Task;
    }

    private async Task RunAsync(Entry entry, Func<CancellationToken, Task<T>> read)
    {
        Task<T> answer;
        try
        {
            answer = Task.FromResult(await read(CancellationToken.None).ConfigureAwait(false));
        }
        catch (Exception e)
        {
            answer = Task.FromException<T>(e);
            _ = answer.Exception; // Observed: a reader that gave up must not leave an unobserved failure.
        }

        lock (_lock) entry.Answer = answer;
        foreach (var (waiter, cancelled) in entry.Waiters)
        {
            cancelled.Unregister();
            waiter.TrySetFromTask(answer);
        }
        entry.Waiters.Clear();
    }

    private void Prune(DateTimeOffset now)
    {
        if (_entries.Count < _pruneAt) return;
        foreach (var (key, entry) in _entries)
            if (!entry.IsUsable(now, maxAge)) _entries.Remove(key);
        _pruneAt = Math.Max(PruneAt, _entries.Count * 2);
    }

    private sealed class Entry(DateTimeOffset startedAt)
    {
        public List<(TaskCompletionSource<T> Waiter, CancellationTokenRegistration Cancelled)> Waiters { get; } = [];

        /// <summary>The outcome; null while the read is on its way.</summary>
        public Task<T>? Answer { get; set; }

        public bool IsUsable(DateTimeOffset now, TimeSpan maxAge) =>
            now - startedAt < (Answer is null ? Stuck : maxAge) && Answer is not { IsCompletedSuccessfully: false };
    }
}
