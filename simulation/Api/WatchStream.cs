using System.Text.Json.Nodes;
using ControlPlane.Simulation.Cluster;

namespace ControlPlane.Simulation.Api;

/// <summary>The events of one watch in order, one JSON line each.</summary>
public sealed class WatchStream
{
    /// <summary>After this many changes of no interest a bookmark tells the client how far it is.</summary>
    private const int BookmarkDistance = 256;

    private readonly SimulatedCluster _cluster;
    private readonly ObjectSelection _selection;
    private readonly Func<StoredObject, byte[]> _render;
    private readonly Queue<byte[]> _ready = new();
    private readonly bool _sendsBookmarks;
    private readonly TimeSpan? _timeout;
    private long _version;
    private long _toldVersion;
    private DateTimeOffset? _deadline;
    private bool _isEnded;

    internal WatchStream(SimulatedCluster cluster, ObjectSelection selection, Func<StoredObject, byte[]> render, SimRequest request)
    {
        (_cluster, _selection, _render) = (cluster, selection, render);
        _sendsBookmarks = request.Flag("allowWatchBookmarks");
        if (int.TryParse(request.Parameter("timeoutSeconds"), out var seconds) && seconds > 0) _timeout = TimeSpan.FromSeconds(seconds);
        var from = request.Parameter("resourceVersion");
        var sendsInitial = request.Flag("sendInitialEvents");
        if (from is null or "0" || sendsInitial)
        {
            foreach (var obj in cluster.Store.List(selection.Type).Where(selection.Matches)) _ready.Enqueue(Line(ChangeRecord.Added, _render(obj)));
            _version = cluster.Store.Version;
            if (sendsInitial && _sendsBookmarks) _ready.Enqueue(Bookmark(isEndOfInitial: true));
        }
        else
        {
            if (!long.TryParse(from, out _version)) throw ApiError.BadRequest($"invalid resource version '{from}'");
            if (_version < cluster.Store.OldestResumable) throw ApiError.Expired();
        }

        _toldVersion = _version;
    }

    /// <summary>Waits for the next line; null when the watch is over.</summary>
    /// <param name="clock">Measures the client's time-out; null leaves it out.</param>
    /// <param name="runsInline">Whether the wait may continue inside the change that ends it, which keeps virtual time deterministic.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(TimeProvider? clock, bool runsInline, CancellationToken cancellationToken)
    {
        using var limit = clock is not null && _timeout is not null ? new CancellationTokenSource(Remaining(clock), clock) : null;
        using var linked = limit is null ? null : CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        var token = linked?.Token ?? cancellationToken;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryRead() is { } line) return line;
            if (_isEnded) return null;
            try
            {
                await _cluster.WaitForChange(_version, runsInline).WaitAsync(token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (limit is { IsCancellationRequested: true } && !cancellationToken.IsCancellationRequested)
            {
                _isEnded = true;
                return _sendsBookmarks && _version > _toldVersion ? Bookmark(isEndOfInitial: false) : null;
            }
        }
    }

    /// <summary>The next line if there is one now.</summary>
    public ReadOnlyMemory<byte>? TryRead() => _cluster.Locked(() => TryReadNow());

    private ReadOnlyMemory<byte>? TryReadNow()
    {
        if (_ready.TryDequeue(out var line)) return line;
        if (_isEnded) return null;
        if (_version < _cluster.Store.OldestResumable)
        {
            _isEnded = true;
            return Line("ERROR", ApiError.Expired().ToStatus().ToBytes());
        }

        while (_version < _cluster.Store.Version)
        {
            _version++;
            if (Render(_cluster.Store.ChangeAt(_version)) is not { } found) continue;
            _toldVersion = _version;
            return found;
        }

        if (!_sendsBookmarks || _version - _toldVersion < BookmarkDistance) return null;
        _toldVersion = _version;
        return Bookmark(isEndOfInitial: false);
    }

    private TimeSpan Remaining(TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        _deadline ??= now + _timeout!.Value;
        return _deadline > now ? _deadline.Value - now : TimeSpan.Zero;
    }

    /// <summary>An object that enters or leaves the selection is added or deleted for this watch.</summary>
    private byte[]? Render(ChangeRecord change)
    {
        var isIn = change.Kind != ChangeRecord.Deleted && _selection.Matches(change.Now);
        var wasIn = change.Before is { } before && _selection.Matches(before);
        if (!isIn && !wasIn) return null;
        var kind = isIn ? wasIn ? ChangeRecord.Modified : ChangeRecord.Added : ChangeRecord.Deleted;
        return Line(kind, _render(change.Now));
    }

    private byte[] Bookmark(bool isEndOfInitial)
    {
        var meta = new JsonObject { ["resourceVersion"] = _version.ToString(System.Globalization.CultureInfo.InvariantCulture), ["creationTimestamp"] = null };
        if (isEndOfInitial) meta["annotations"] = new JsonObject { ["k8s.io/initial-events-end"] = "true" };
        var json = new JsonObject { ["kind"] = _selection.Type.Kind, ["apiVersion"] = _selection.Type.ApiVersion, ["metadata"] = meta };
        return Line("BOOKMARK", json.ToBytes());
    }

    private static byte[] Line(string type, byte[] obj)
    {
        var start = System.Text.Encoding.ASCII.GetBytes($"{{\"type\":\"{type}\",\"object\":");
        return [.. start, .. obj, (byte)'}', (byte)'\n'];
    }
}
