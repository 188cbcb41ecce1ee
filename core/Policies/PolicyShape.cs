using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace ControlPlane.Core.Policies;

/// <summary>Takes a rule's outcome, the property and what is wrong with it.</summary>
internal delegate void PolicyCheck(bool holds, string path, string message);

/// <summary>
/// The properties of one section of a policy. Reading, inheriting, writing, checking and publishing all go by this list, so that a property
/// added here is known everywhere.
/// </summary>
internal sealed class PolicyShape<T>(params ImmutableArray<PolicyField<T>> fields)
    where T : class
{
    /// <summary>The section of a text; what is not written keeps its value. Properties that nobody knows are faults.</summary>
    public T Read(PolicySection section, T inherited)
    {
        var value = inherited;
        foreach (var field in fields) value = field.Read(section, value);
        section.RejectUnknown();
        return value;
    }

    /// <summary>The wide scope's section with what the narrow one wrote.</summary>
    public T Merge(T wide, T narrow, IReadOnlySet<string> written, string path)
    {
        var value = wide;
        foreach (var field in fields) value = field.Merge(value, narrow, written, Join(path, field.Name));
        return value;
    }

    /// <summary>The section as JSON, every property that has a value.</summary>
    public JsonObject Write(T value)
    {
        var json = new JsonObject();
        foreach (var field in fields)
            if (field.Write(value) is { } written) json[field.Name] = written;
        return json;
    }

    /// <summary>Says which values lie outside their range.</summary>
    public void Check(T value, string path, PolicyCheck require)
    {
        foreach (var field in fields) field.Check(value, Join(path, field.Name), require);
    }

    /// <summary>Paths of the properties that are inherited one by one; lists are taken as a whole.</summary>
    public IEnumerable<string> Leaves(string path) => fields.SelectMany(f => f.Leaves(Join(path, f.Name)));

    /// <summary>The section's JSON Schema.</summary>
    /// <param name="defaults">Values that hold where nothing is written; null for the items of a list.</param>
    public JsonObject Schema(T? defaults)
    {
        var properties = new JsonObject();
        foreach (var field in fields) properties[field.Name] = field.Schema(defaults);
        var schema = new JsonObject { ["type"] = "object", ["additionalProperties"] = false, ["properties"] = properties };
        var required = fields.Where(f => f.IsRequired).Select(f => (JsonNode?)f.Name).ToArray();
        if (required.Length > 0) schema["required"] = new JsonArray(required);
        return schema;
    }

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";
}

/// <summary>One property of a section.</summary>
internal abstract class PolicyField<T>(string name, string description)
    where T : class
{
    /// <summary>Its name in the text.</summary>
    public string Name { get; } = name;

    /// <summary>What it means, for people who write policies.</summary>
    public string Description { get; } = description;

    /// <summary>Whether the section makes no sense without it.</summary>
    public bool IsRequired { get; init; }

    public abstract T Read(PolicySection section, T value);

    public abstract T Merge(T wide, T narrow, IReadOnlySet<string> written, string path);

    public abstract JsonNode? Write(T value);

    public abstract void Check(T value, string path, PolicyCheck require);

    public abstract IEnumerable<string> Leaves(string path);

    public abstract JsonObject Schema(T? defaults);
}

/// <summary>A property with a value of its own.</summary>
internal sealed class PolicyValue<T, V>(string name, PolicyType<V> type, Func<T, V> get, Func<T, V, T> set, string description, PolicyRange? range = null)
    : PolicyField<T>(name, description)
    where T : class
{
    public override T Read(PolicySection section, T value) => set(value, type.Read(section, Name, get(value)));

    public override T Merge(T wide, T narrow, IReadOnlySet<string> written, string path) => written.Contains(path) ? set(wide, get(narrow)) : wide;

    public override JsonNode? Write(T value) => type.Write(get(value));

    public override void Check(T value, string path, PolicyCheck require)
    {
        if (range is null || type.Measure is not { } measure) return;
        var found = get(value);
        require(range.Holds(measure(found)), path, $"{type.Show(found)} {range.Words}");
    }

    public override IEnumerable<string> Leaves(string path) => [path];

    public override JsonObject Schema(T? defaults)
    {
        var schema = type.Schema();
        if (type.HasPublishedRange) range?.Publish(schema);
        var isSaid = range is null || type.HasPublishedRange;
        schema["description"] = isSaid ? Description : $"{Description} A value that {range!.Words} is refused.";
        if (defaults is not null && Write(defaults) is { } value) schema["default"] = value;
        return schema;
    }
}

/// <summary>A property that is a section.</summary>
internal sealed class PolicyPart<T, V>(string name, PolicyShape<V> shape, Func<T, V> get, Func<T, V, T> set, string description)
    : PolicyField<T>(name, description)
    where T : class
    where V : class
{
    public override T Read(PolicySection section, T value) => set(value, section.Section(Name, inner => shape.Read(inner, get(value)), get(value)));

    public override T Merge(T wide, T narrow, IReadOnlySet<string> written, string path) => set(wide, shape.Merge(get(wide), get(narrow), written, path));

    public override JsonNode Write(T value) => shape.Write(get(value));

    public override void Check(T value, string path, PolicyCheck require) => shape.Check(get(value), path, require);

    public override IEnumerable<string> Leaves(string path) => shape.Leaves(path);

    public override JsonObject Schema(T? defaults)
    {
        var schema = shape.Schema(defaults is null ? null : get(defaults));
        schema["description"] = Description;
        return schema;
    }
}
