using System.Text;

namespace ControlPlane.Embedded.Runtime;

/// <summary>The calls that wait for an answer, oldest first, and the end of those that wait too long.</summary>
internal sealed class PendingCalls : IDisposable
{
    private const int MaxShards = 16;

    private readonly Shard[] _shards;
    private readonly TimeProvider _time;
    private readonly IEngineScheduler _scheduler;
    private readonly ITimer _timer;
    private readonly TimeSpan _timeout;
    private readonly long _timeoutTicks;
    private int _armed;

    internal PendingCalls(TimeProvider time, IEngineScheduler scheduler, TimeSpan timeout, bool oneThread)
    {
        _time = time;
        _scheduler = scheduler;
        _timeout = timeout;
        _timeoutTicks = (long)(timeout.TotalSeconds * time.TimestampFrequency);
        _shards = new Shard[oneThread ? 1 : MaxShards];
        for (var i = 0; i < _shards.Length; i++)
        {
            _shards[i] = new Shard();
        }

        _timer = time.CreateTimer(static self => ((PendingCalls)self!).Sweep(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();

    internal void Add(Request request)
    {
        var shard = _shards.Length == 1 ? _shards[0] : _shards[Environment.CurrentManagedThreadId % MaxShards];
        request.Pending.Shard = shard;
        request.Pending.Deadline = _time.GetTimestamp() + _timeoutTicks;
        lock (shard)
        {
            shard.Append(request);
        }

        // All calls have the same limit, so a timer that is armed already is due earlier than this call.
        if (Volatile.Read(ref _armed) == 0 && Interlocked.Exchange(ref _armed, 1) == 0)
        {
            _timer.Change(_timeout, Timeout.InfiniteTimeSpan);
        }
    }

    internal static void Remove(Request request)
    {
        if (request.Pending.Shard is not { } shard)
        {
            return;
        }

        lock (shard)
        {
            shard.Unlink(request);
        }
    }

    /// <summary>The calls that wait now.</summary>
    internal List<Request> Snapshot()
    {
        var all = new List<Request>();
        foreach (var shard in _shards)
        {
            lock (shard)
            {
                for (var request = shard.Head; request is not null; request = request.Pending.Next)
                {
                    all.Add(request);
                }
            }
        }

        return all;
    }

    private void Sweep()
    {
        var now = _time.GetTimestamp();
        var late = new List<Request>();
        var next = long.MaxValue;
        foreach (var shard in _shards)
        {
            lock (shard)
            {
                var request = shard.Head;
                while (request is not null && request.Pending.Deadline <= now)
                {
                    late.Add(request);
                    request = request.Pending.Next;
                }

                next = Math.Min(next, request?.Pending.Deadline ?? long.MaxValue);
            }
        }

        if (late.Count > 0)
        {
            var edges = Edges();
            foreach (var request in late)
            {
                Expire(request, edges);
            }
        }

        if (next == long.MaxValue)
        {
            // Nothing waits. A call that is added from here on arms the timer itself; one that came just before is looked for.
            Interlocked.Exchange(ref _armed, 0);
            next = OldestDeadline();
            if (next == long.MaxValue || Interlocked.Exchange(ref _armed, 1) != 0)
            {
                return;
            }
        }

        // A millisecond more: timers may be early by less than one.
        var wait = _time.GetElapsedTime(now, next) + TimeSpan.FromMilliseconds(1);
        _timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    private long OldestDeadline()
    {
        var oldest = long.MaxValue;
        foreach (var shard in _shards)
        {
            lock (shard)
            {
                oldest = Math.Min(oldest, shard.Head?.Pending.Deadline ?? long.MaxValue);
            }
        }

        return oldest;
    }

    private void Expire(Request request, Dictionary<GrainId, List<GrainId>> edges)
    {
        Remove(request);
        if (!request.TryClose())
        {
            return;
        }

        var sender = request.Sender?.GrainId.ToString() ?? "a client";
        var message = new StringBuilder($"Response did not arrive on time in {_timeout} for {request.Target}.{request.Method} called by {sender}.");
        if (CallCycle.Find(request, edges) is { } cycle)
        {
            message.Append(" The grains wait for each other: ").Append(cycle).Append('.');
        }

        _scheduler.Answer(request, Task.FromException(new TimeoutException(message.ToString())));
    }

    private Dictionary<GrainId, List<GrainId>> Edges()
    {
        var edges = new Dictionary<GrainId, List<GrainId>>();
        foreach (var request in Snapshot())
        {
            if (request.Sender is { } sender)
            {
                if (!edges.TryGetValue(sender.GrainId, out var targets))
                {
                    edges.Add(sender.GrainId, targets = []);
                }

                targets.Add(request.Target);
            }
        }

        return edges;
    }

    /// <summary>A request's place in its list.</summary>
    internal struct Link
    {
        internal Shard? Shard;
        internal Request? Previous;
        internal Request? Next;
        internal long Deadline;
    }

    internal sealed class Shard
    {
        internal Request? Head { get; private set; }

        private Request? Tail { get; set; }

        internal void Append(Request request)
        {
            request.Pending.Previous = Tail;
            if (Tail is null)
            {
                Head = request;
            }
            else
            {
                Tail.Pending.Next = request;
            }

            Tail = request;
        }

        internal void Unlink(Request request)
        {
            ref var link = ref request.Pending;
            if (link.Shard is null)
            {
                return;
            }

            if (link.Previous is null)
            {
                Head = link.Next;
            }
            else
            {
                link.Previous.Pending.Next = link.Next;
            }

            if (link.Next is null)
            {
                Tail = link.Previous;
            }
            else
            {
                link.Next.Pending.Previous = link.Previous;
            }

            link = default;
        }
    }
}
