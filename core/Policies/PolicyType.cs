using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;

namespace ControlPlane.Core.Policies;

/// <summary>A type of value in a policy's text: how it is read, written and published.</summary>
/// <param name="Read">The value of a key; the given one when the key is not there.</param>
/// <param name="Write">The value as JSON; null when there is none.</param>
/// <param name="Schema">Its JSON Schema.</param>
/// <param name="Measure">What a range compares; null without one.</param>
internal sealed record PolicyType<V>(
    Func<PolicySection, string, V, V> Read, Func<V, JsonNode?> Write, Func<JsonObject> Schema, Func<V, double?>? Measure = null)
{
    /// <summary>Whether a range is published with the type: JSON Schema knows none of durations.</summary>
    public bool HasPublishedRange { get; init; } = true;

    /// <summary>The value as messages show it.</summary>
    public string Show(V value) => Write(value) switch
    {
        null => "nothing",
        JsonValue v when v.TryGetValue<string>(out var text) => text,
        var v => v.ToJsonString(),
    };
}

/// <summary>The types of values in policies.</summary>
internal static class PolicyType
{
    private const string DurationPattern = @"^([0-9]+(\.[0-9]*)?(d|h|m|s|ms))+$";
    private const string TimePattern = "^([01][0-9]|2[0-3]):[0-5][0-9]$";

    public static readonly PolicyType<string> Text = new((s, key, v) => s.Text(key, v), v => v, () => Of("string"));

    public static readonly PolicyType<string> RequiredText = new((s, key, _) => s.RequiredText(key), v => v, () => Of("string").With("minLength", 1));

    public static readonly PolicyType<string?> OptionalText = new((s, key, v) => s.TextOrNull(key, v), v => v, () => OrNull("string").With("minLength", 1));

    public static readonly PolicyType<int> Integer = new((s, key, v) => s.Integer(key, v), v => v, () => Of("integer"), v => v);

    public static readonly PolicyType<long> Version = new((s, key, v) => s.Integer(key, (int)Math.Min(v, int.MaxValue)), v => v, () => Of("integer"), v => v);

    public static readonly PolicyType<int?> OptionalInteger = new((s, key, v) => s.IntegerOrNull(key, v), v => v, () => OrNull("integer"), v => v);

    public static readonly PolicyType<double> Number = new((s, key, v) => s.Number(key, v), v => v, () => Of("number"), v => v);

    public static readonly PolicyType<double> RequiredNumber = new((s, key, _) => s.RequiredNumber(key), v => v, () => Of("number"), v => v);

    public static readonly PolicyType<double?> OptionalNumber = new((s, key, v) => s.NumberOrNull(key, v), v => v, () => OrNull("number"), v => v);

    public static readonly PolicyType<bool> Flag = new((s, key, v) => s.Flag(key, v), v => v, () => Of("boolean"));

    public static readonly PolicyType<TimeSpan> Duration =
        new((s, key, v) => s.Duration(key, v), v => DurationText.Format(v), () => Of("string").With("pattern", DurationPattern), v => v.TotalSeconds) { HasPublishedRange = false };

    public static readonly PolicyType<TimeOnly> TimeOfDay =
        new((s, key, _) => s.TimeOfDay(key), v => v.ToString("HH:mm", CultureInfo.InvariantCulture), () => Of("string").With("pattern", TimePattern));

    public static PolicyType<V> Choice<V>()
        where V : struct, Enum => new((s, key, v) => s.Choice(key, v), v => v.ToString(), () => new JsonObject { ["enum"] = Names<V>() });

    public static PolicyType<ImmutableArray<V>> Choices<V>()
        where V : struct, Enum => new(
            (s, key, v) => s.Has(key) ? s.Choices<V>(key) : v,
            v => new JsonArray([.. v.Select(item => JsonValue.Create(item.ToString()))]),
            () => Of("array").With("items", new JsonObject { ["enum"] = Names<V>() }));

    public static PolicyType<ImmutableArray<V>> List<V>(PolicyShape<V> shape, V empty, int minItems = 0)
        where V : class => new(
            (s, key, v) => s.List(key, inner => shape.Read(inner, empty), v),
            v => new JsonArray([.. v.Select(shape.Write)]),
            () => Of("array").With("items", shape.Schema(default)).With("minItems", minItems > 0 ? minItems : null));

    private static JsonArray Names<V>()
        where V : struct, Enum => [.. Enum.GetNames<V>().Select(name => JsonValue.Create(name))];

    private static JsonObject Of(string type) => new() { ["type"] = type };

    private static JsonObject OrNull(string type) => new() { ["type"] = new JsonArray(type, "null") };

    private static JsonObject With(this JsonObject schema, string key, JsonNode? value)
    {
        if (value is not null) schema[key] = value;
        return schema;
    }
}
