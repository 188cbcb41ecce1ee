using System.Collections.Immutable;
using System.Text.Json.Nodes;
using ControlPlane.Core.Metrics;
using ControlPlane.Simulation.Randomness;
using ControlPlane.Simulation.Services;
using ControlPlane.Simulation.Traces;

namespace ControlPlane.Simulation.Cluster;

/// <summary>
/// Nodes, workloads and pods behind a Kubernetes-compatible API, moved by services under load. A run is a function of options, seed and
/// calls. All members may be called from several threads; a <see cref="SimulatedService"/> taken out of it may not.
/// </summary>
public sealed partial class SimulatedCluster
{
    /// <summary>The Kubernetes version that the API claims to be.</summary>
    public const string KubernetesVersion = "v1.32.0";

    private readonly Lock _gate = new();
    private readonly SimulatedClusterOptions _options;
    private readonly SortedDictionary<string, SimulatedWorkload> _workloads = new(StringComparer.Ordinal);
    private readonly Queue<AuditEntry> _audit = new();
    private readonly ulong _seed;
    private List<TaskCompletionSource> _waiters = [];
    private long _signalledVersion;
    private ulong _nextUid;

    /// <summary>Makes a cluster of empty nodes.</summary>
    public SimulatedCluster(string name, DateTimeOffset start, ulong seed = 1, SimulatedClusterOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        _options = options ?? new SimulatedClusterOptions();
        _options.Validate();
        (Name, _seed) = (name, seed);
        Time = start.ToUniversalTime();
        Store = new ObjectStore(_options.WatchHistory) { Changed = OnStored };
        Nodes = new NodePool(_options) { Changed = OnNodeChanged };
        foreach (var space in new[] { "default", "kube-system", "kube-node-lease" }) EnsureNamespace(space);
        foreach (var node in Nodes.Nodes) Create(ResourceTypes.Nodes, NodeManifest.Create(node, _options, Time));
        _signalledVersion = Store.Version;
    }

    /// <summary>The cluster's name.</summary>
    public string Name { get; }

    /// <summary>The cluster's time, UTC.</summary>
    public DateTimeOffset Time { get; private set; }

    /// <summary>Resource version of the last change.</summary>
    public long ResourceVersion
    {
        get
        {
            lock (_gate) return Store.Version;
        }
    }

    /// <summary>The latest writes that reached the API, oldest first.</summary>
    public ImmutableArray<AuditEntry> Audit
    {
        get
        {
            lock (_gate) return [.. _audit];
        }
    }

    internal ObjectStore Store { get; }

    internal NodePool Nodes { get; }

    internal IEnumerable<SimulatedWorkload> Workloads => _workloads.Values;

    /// <summary>Runs all services' whole ticks that end by a moment, in order of time.</summary>
    public void AdvanceTo(DateTimeOffset time) => Locked(() =>
    {
        while (Next(time) is { } next)
        {
            foreach (var workload in _workloads.Values)
            {
                if (workload.Service.Time + workload.Service.Load.Step != next) continue;
                if (next > Time) Time = next;
                workload.Service.AdvanceTo(next);
            }

            PlaceWaitingPods();
        }

        if (time > Time) Time = time.ToUniversalTime();
        return true;
    });

    /// <summary>Adds a service as a deployment (or <c>StatefulSet</c>) whose first pods are ready.</summary>
    /// <exception cref="ArgumentException">There is such a workload already, or the profile contradicts itself.</exception>
    public SimulatedService AddService(string @namespace, string name, ServiceProfile profile, LoadSeries load, string kind = "Deployment") => Locked(() =>
    {
        var type = new[] { ResourceTypes.Deployments, ResourceTypes.StatefulSets }.FirstOrDefault(t => t.Kind == kind)
            ?? throw new ArgumentException($"The kind '{kind}' has no pods of its own: use Deployment or StatefulSet.", nameof(kind));
        if (_workloads.ContainsKey(Key(type, @namespace, name))) throw new ArgumentException($"There is a {kind} {@namespace}/{name} already.", nameof(name));
        EnsureNamespace(@namespace);
        var json = WorkloadDefaults.Apply(type, Manifests.Workload(type, @namespace, name, profile));
        return AddWorkload(type, Create(type, json).Json, profile, load, profile.InitialReplicas).Service;
    });

    /// <summary>The service behind a workload; null when there is none.</summary>
    public SimulatedService? FindService(string @namespace, string name, string kind = "Deployment") => Locked(() =>
        _workloads.Values.FirstOrDefault(w => w.Namespace == @namespace && w.Name == name && w.Type.Kind == kind)?.Service);

    /// <summary>What a perfect collector sees of a deployment now.</summary>
    /// <exception cref="ArgumentException">There is no such deployment.</exception>
    public WorkloadReading Read(string @namespace, string name) => Locked(() => Required(@namespace, name).Service.Read());

    /// <summary>How a deployment's service fared.</summary>
    /// <exception cref="ArgumentException">There is no such deployment.</exception>
    public ServiceOutcome Outcome(string @namespace, string name) => Locked(() => Required(@namespace, name).Service.Outcome);

    /// <summary>A node with its pods is gone until a moment.</summary>
    /// <exception cref="ArgumentException">There is no such node.</exception>
    public void LoseNode(string node, DateTimeOffset until) => Locked(() =>
    {
        var found = Nodes.Nodes.FirstOrDefault(n => n.Name == node) ?? throw new ArgumentException($"There is no node '{node}'.", nameof(node));
        Nodes.LoseNode(found, until);
        return true;
    });

    /// <summary>Runs something alone, then brings statuses up to date and wakes the watchers outside the lock.</summary>
    internal T Locked<T>(Func<T> action)
    {
        List<TaskCompletionSource>? wake = null;
        T result;
        lock (_gate)
        {
            result = action();
            PlaceWaitingPods();
            SyncStatuses();
            if (Store.Version != _signalledVersion)
            {
                _signalledVersion = Store.Version;
                if (_waiters.Count > 0) (wake, _waiters) = (_waiters, []);
            }
        }

        if (wake is null) return result;
        foreach (var waiter in wake) waiter.TrySetResult();
        return result;
    }

    /// <summary>A task that ends with the next change after a version. Its continuation runs inside the change unless told otherwise.</summary>
    internal Task WaitForChange(long after, bool runsInline)
    {
        lock (_gate)
        {
            if (Store.Version > after) return Task.CompletedTask;
            var waiter = new TaskCompletionSource(runsInline ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add(waiter);
            return waiter.Task;
        }
    }

    internal void AddAudit(AuditEntry entry)
    {
        _audit.Enqueue(entry);
        while (_audit.Count > _options.AuditEntries) _audit.Dequeue();
    }

    internal SimulatedWorkload? FindWorkload(ResourceType type, string space, string name) => _workloads.GetValueOrDefault(Key(type, space, name));

    /// <summary>Gives a new object its name, uid and time, and stores it.</summary>
    internal StoredObject Create(ResourceType type, JsonObject json)
    {
        var meta = json.Meta();
        var number = _nextUid++;
        if (meta["name"] is null && meta.Text("generateName") is { } prefix) meta["name"] = prefix + (SeededRandom.Combine(_seed, number) & 0xffffffffff).ToString("x10");
        meta["uid"] = Uid(number);
        meta["creationTimestamp"] ??= Json.Time(Time);
        meta["generation"] = 1;
        return Store.Put(type, json);
    }

    internal void EnsureNamespace(string space)
    {
        if (Store.Find(ResourceTypes.Namespaces, "", space) is not null) return;
        Create(ResourceTypes.Namespaces, new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Namespace",
            ["metadata"] = new JsonObject { ["name"] = space, ["labels"] = new JsonObject { ["kubernetes.io/metadata.name"] = space } },
            ["spec"] = new JsonObject { ["finalizers"] = new JsonArray("kubernetes") },
            ["status"] = new JsonObject { ["phase"] = "Active" },
        });
    }

    private DateTimeOffset? Next(DateTimeOffset limit)
    {
        DateTimeOffset? next = null;
        foreach (var workload in _workloads.Values)
        {
            var end = workload.Service.Time + workload.Service.Load.Step;
            if (end <= limit && !(end >= next)) next = end;
        }

        return next;
    }

    private SimulatedWorkload Required(string space, string name) =>
        FindWorkload(ResourceTypes.Deployments, space, name) ?? throw new ArgumentException($"There is no deployment {space}/{name}.", nameof(name));

    private string Uid(ulong number)
    {
        ulong high = SeededRandom.Combine(_seed, number), low = SeededRandom.Combine(~_seed, number);
        return $"{high >> 32:x8}-{(high >> 16) & 0xffff:x4}-4{high & 0xfff:x3}-a{(low >> 48) & 0xfff:x3}-{low & 0xffffffffffff:x12}";
    }

    private static string Key(ResourceType type, string space, string name) => $"{space}/{type.Plural}/{name}";
}
