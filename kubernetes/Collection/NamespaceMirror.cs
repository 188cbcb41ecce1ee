using ControlPlane.Kubernetes.Api;

namespace ControlPlane.Kubernetes;

/// <summary>Holds one collection of a namespace, reduced to what is needed of each object, and tells how fresh it is.</summary>
internal class NamespaceMirror<T, TItem>(Func<T, TItem> reduce, TimeProvider time) : IReflectorSink<T>
    where T : KubernetesObject
    where TItem : class
{
    private readonly TaskCompletionSource _listed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DateTimeOffset _touched;
    private KubernetesException? _error;

    protected Lock Gate { get; } = new();

    protected Dictionary<string, TItem> Items { get; private set; } = new(StringComparer.Ordinal);

    public TItem? Find(string name)
    {
        lock (Gate) return Items.GetValueOrDefault(name);
    }

    /// <summary>Waits for the first list, then insists that what is held is fresh.</summary>
    /// <exception cref="KubernetesException">There is no list yet, or the watch has been broken for too long.</exception>
    public async Task EnsureAsync(CollectorOptions options, CancellationToken cancellationToken)
    {
        if (!_listed.Task.IsCompleted)
        {
            try
            {
                await _listed.Task.WaitAsync(options.CacheStartTimeout, time, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException e)
            {
                throw _error ?? new KubernetesException(KubernetesFailure.TimedOut, $"no first list within {options.CacheStartTimeout.TotalSeconds:0.###} s", e);
            }
        }

        lock (Gate)
        {
            if (_error is { } error && time.GetUtcNow() - _touched > options.CacheMaxStaleness) throw error;
        }
    }

    public void Replace(IEnumerable<T> items)
    {
        lock (Gate)
        {
            Items = new Dictionary<string, TItem>(StringComparer.Ordinal);
            OnCleared();
            foreach (var item in items) Put(item);
        }
    }

    public void Apply(string type, T item)
    {
        lock (Gate)
        {
            if (item.Metadata.Name is not { } name) return;
            if (Items.Remove(name, out var old)) OnRemoved(name, old);
            if (type is WatchEventTypes.Added or WatchEventTypes.Modified) Put(item);
        }
    }

    public void Touch()
    {
        lock (Gate) (_touched, _error) = (time.GetUtcNow(), null);
        _listed.TrySetResult();
    }

    public void Fail(KubernetesException error)
    {
        lock (Gate) _error = error;
    }

    protected virtual void OnCleared()
    {
    }

    protected virtual void OnAdded(string name, TItem item)
    {
    }

    protected virtual void OnRemoved(string name, TItem item)
    {
    }

    private void Put(T item)
    {
        if (item.Metadata.Name is not { } name) return;
        var reduced = reduce(item);
        Items[name] = reduced;
        OnAdded(name, reduced);
    }
}
