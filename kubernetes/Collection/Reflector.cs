using ControlPlane.Kubernetes.Api;

namespace ControlPlane.Kubernetes;

/// <summary>Takes what a reflector sees.</summary>
internal interface IReflectorSink<in T>
{
    /// <summary>The whole state, in place of all before.</summary>
    void Replace(IEnumerable<T> items);

    /// <summary>One change after it: added, modified or deleted.</summary>
    void Apply(string type, T item);

    /// <summary>What is held is as new as it can be: a list, an event, a bookmark or a regular end of a watch has just come.</summary>
    void Touch();

    /// <summary>List or watch failed.</summary>
    void Fail(KubernetesException error);
}

/// <summary>
/// Mirrors a collection: lists it, follows it by watch, goes on from the last version after a broken connection, and lists again when that
/// version is too old (410). Each change arrives once and in order.
/// </summary>
internal sealed class Reflector<T>(
    KubernetesClient client, KubernetesResource resource, ListOptions? options, IReflectorSink<T> sink, Backoff backoff, TimeProvider time, Func<double> jitter)
    where T : KubernetesObject
{
    /// <summary>A watch that lasted this long was a good one, even without an event.</summary>
    private static readonly TimeSpan GoodWatch = TimeSpan.FromSeconds(5);

    private string? _version;
    private int _failures;

    /// <summary>Runs until cancelled; never ends otherwise.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                if (_version is null) await ListAsync(cancellationToken).ConfigureAwait(false);
                if (await WatchAsync(cancellationToken).ConfigureAwait(false)) continue;
                _failures++; // A server that ends every watch at once must not be asked in a tight loop.
            }
            catch (KubernetesException e)
            {
                if (e.Failure == KubernetesFailure.Expired && _version is not null)
                {
                    _version = null;
                    if (_failures++ == 0) continue;
                }
                else
                {
                    _failures++;
                    sink.Fail(e);
                }
            }

            await Task.Delay(backoff.Wait(_failures, jitter()), time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ListAsync(CancellationToken cancellationToken)
    {
        var list = await client.ListAsync<T>(resource, options, cancellationToken).ConfigureAwait(false);
        sink.Replace(list.Items);
        sink.Touch();
        _version = list.Metadata.ResourceVersion ?? "0";
    }

    /// <summary>Follows until the watch ends; true when an event came or it lasted.</summary>
    private async Task<bool> WatchAsync(CancellationToken cancellationToken)
    {
        var (any, start) = (false, time.GetTimestamp());
        await foreach (var change in client.WatchAsync<T>(resource, options, _version!, sink.Touch, cancellationToken).ConfigureAwait(false))
        {
            if (change.Type != WatchEventTypes.Bookmark) sink.Apply(change.Type, change.Object);
            sink.Touch();
            _version = change.Object.Metadata.ResourceVersion ?? _version;
            _failures = 0;
            any = true;
        }

        sink.Touch();
        if (time.GetElapsedTime(start) >= GoodWatch) (any, _failures) = (true, 0);
        return any;
    }
}
