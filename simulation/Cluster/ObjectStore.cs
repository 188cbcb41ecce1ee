using System.Text.Json.Nodes;

namespace ControlPlane.Simulation.Cluster;

/// <summary>An object as it stood at one resource version. Its JSON must not be changed: writers copy it first.</summary>
internal sealed class StoredObject(ResourceType type, JsonObject json, long version)
{
    private byte[]? _bytes;

    public ResourceType Type { get; } = type;

    public JsonObject Json { get; } = json;

    public long Version { get; } = version;

    public byte[] Bytes => _bytes ??= Json.ToBytes();
}

/// <summary>One change of one object.</summary>
internal sealed record ChangeRecord(string Kind, StoredObject Now, StoredObject? Before)
{
    public const string Added = "ADDED";
    public const string Modified = "MODIFIED";
    public const string Deleted = "DELETED";
}

/// <summary>
/// Objects by kind, namespace and name with one resource version for the whole store. Every change takes one version and one place in
/// a bounded history, so that a watch resumes by number or is told that it is too late.
/// </summary>
internal sealed class ObjectStore(int historyLimit)
{
    private const long FirstVersion = 1000;

    private readonly Dictionary<ResourceType, SortedDictionary<string, StoredObject>> _objects = [];
    private readonly ChangeRecord[] _history = new ChangeRecord[historyLimit];

    /// <summary>Resource version of the last change.</summary>
    public long Version { get; private set; } = FirstVersion;

    /// <summary>Oldest version that a watch can resume from.</summary>
    public long OldestResumable => Math.Max(FirstVersion, Version - historyLimit);

    /// <summary>Called after every change.</summary>
    public Action<ChangeRecord>? Changed { get; set; }

    public StoredObject? Find(ResourceType type, string space, string name) => Table(type).GetValueOrDefault(Key(space, name));

    /// <summary>All objects of a kind in order of namespace and name.</summary>
    public IEnumerable<StoredObject> List(ResourceType type) => Table(type).Values;

    public int Count(ResourceType type) => Table(type).Count;

    /// <summary>Stores an object, which the store owns from now on, and gives it the next resource version.</summary>
    public StoredObject Put(ResourceType type, JsonObject json)
    {
        var table = Table(type);
        var key = Key(json.Namespace(), json.Name());
        var before = table.GetValueOrDefault(key);
        json.Meta()["resourceVersion"] = (Version + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
        var now = new StoredObject(type, json, Version + 1);
        table[key] = now;
        Record(new ChangeRecord(before is null ? ChangeRecord.Added : ChangeRecord.Modified, now, before));
        return now;
    }

    /// <summary>Removes an object; null when there was none.</summary>
    public StoredObject? Remove(ResourceType type, string space, string name)
    {
        if (!Table(type).Remove(Key(space, name), out var before)) return null;
        var json = before.Json.Copy();
        json.Meta()["resourceVersion"] = (Version + 1).ToString(System.Globalization.CultureInfo.InvariantCulture);
        Record(new ChangeRecord(ChangeRecord.Deleted, new StoredObject(type, json, Version + 1), before));
        return before;
    }

    /// <summary>The change that took a version within the resumable range.</summary>
    public ChangeRecord ChangeAt(long version) => _history[version % historyLimit];

    private void Record(ChangeRecord record)
    {
        Version++;
        _history[Version % historyLimit] = record;
        Changed?.Invoke(record);
    }

    private SortedDictionary<string, StoredObject> Table(ResourceType type)
    {
        // Both event APIs show the same objects.
        if (type == ResourceTypes.NewEvents) type = ResourceTypes.Events;
        if (!_objects.TryGetValue(type, out var table)) _objects[type] = table = new SortedDictionary<string, StoredObject>(StringComparer.Ordinal);
        return table;
    }

    private static string Key(string space, string name) => $"{space}/{name}";
}
