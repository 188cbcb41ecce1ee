using System.Collections.Concurrent;

namespace ControlPlane.Embedded.Runtime;

/// <summary>The activations of an engine: one a key, or a few for a stateless worker.</summary>
internal sealed class ActivationCatalog(Engine engine)
{
    private readonly ConcurrentDictionary<GrainId, Activation> _single = new();
    private readonly ConcurrentDictionary<GrainId, List<Activation>> _workers = new();
    private long _number;

    /// <summary>The activation of a key; made if there is none.</summary>
    internal Activation Get(GrainId id, GrainClass grainClass)
    {
        if (grainClass.MaxWorkers > 0)
        {
            return Worker(id, grainClass);
        }

        while (true)
        {
            if (_single.TryGetValue(id, out var activation))
            {
                return activation;
            }

            activation = New(id, grainClass);
            if (_single.TryAdd(id, activation))
            {
                return activation;
            }
        }
    }

    internal Activation? Find(GrainId id) => _single.GetValueOrDefault(id);

    /// <summary>Takes an activation out, so that the next call makes another.</summary>
    /// <returns>Whether it was in.</returns>
    internal bool Remove(Activation activation)
    {
        if (activation.Class.MaxWorkers == 0)
        {
            return _single.TryRemove(new(activation.GrainId, activation));
        }

        if (!_workers.TryGetValue(activation.GrainId, out var workers))
        {
            return false;
        }

        lock (workers)
        {
            return workers.Remove(activation);
        }
    }

    /// <summary>All activations, in the order in which they were made.</summary>
    internal List<Activation> Snapshot()
    {
        var all = new List<Activation>(_single.Values);
        foreach (var workers in _workers.Values)
        {
            lock (workers)
            {
                all.AddRange(workers);
            }
        }

        all.Sort(static (a, b) => a.Number.CompareTo(b.Number));
        return all;
    }

    private Activation Worker(GrainId id, GrainClass grainClass)
    {
        var workers = _workers.GetOrAdd(id, static _ => []);
        lock (workers)
        {
            Activation? best = null;
            var least = int.MaxValue;
            foreach (var worker in workers)
            {
                var load = worker.Load;
                if (load == 0)
                {
                    return worker;
                }

                if (load < least)
                {
                    (best, least) = (worker, load);
                }
            }

            if (workers.Count < grainClass.MaxWorkers)
            {
                workers.Add(best = New(id, grainClass));
            }

            return best!;
        }
    }

    private Activation New(GrainId id, GrainClass grainClass) => new(engine, grainClass, id, Interlocked.Increment(ref _number));
}
