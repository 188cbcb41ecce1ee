using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ControlPlane.Core.Tests.Policies;

/// <summary>As much of JSON Schema as the published one uses; a keyword that it does not know fails.</summary>
internal static class SchemaRules
{
    public static bool Accepts(JsonObject schema, JsonNode? value) => schema.All(rule => Holds(rule.Key, rule.Value!, schema, value));

    private static bool Holds(string keyword, JsonNode rule, JsonObject schema, JsonNode? value) => keyword switch
    {
        "$schema" or "title" or "description" or "default" => true,
        "type" => rule is JsonArray types ? types.Any(t => IsOf((string)t!, value)) : IsOf((string)rule!, value),
        "enum" => rule.AsArray().Any(allowed => JsonNode.DeepEquals(allowed, value)),
        "properties" => value is not JsonObject o || o.All(p => rule[p.Key] is not JsonObject inner || Accepts(inner, p.Value)),
        "additionalProperties" => value is not JsonObject o || o.All(p => schema["properties"]!.AsObject().ContainsKey(p.Key)),
        "required" => value is not JsonObject o || rule.AsArray().All(name => o.ContainsKey((string)name!)),
        "items" => value is not JsonArray a || a.All(item => Accepts(rule.AsObject(), item)),
        "minItems" => value is not JsonArray a || a.Count >= (int)rule,
        "minLength" => Text(value) is not { } text || text.Length >= (int)rule,
        "pattern" => Text(value) is not { } text || Regex.IsMatch(text, (string)rule!),
        "minimum" => Number(value) is not { } n || n >= (double)rule,
        "maximum" => Number(value) is not { } n || n <= (double)rule,
        "exclusiveMinimum" => Number(value) is not { } n || n > (double)rule,
        "exclusiveMaximum" => Number(value) is not { } n || n < (double)rule,
        _ => throw new InvalidOperationException($"the schema uses '{keyword}', which is not known here"),
    };

    private static bool IsOf(string type, JsonNode? value) => type switch
    {
        "null" => value is null,
        "object" => value is JsonObject,
        "array" => value is JsonArray,
        "string" => Text(value) is not null,
        "boolean" => value is JsonValue v && v.TryGetValue<bool>(out _),
        "number" => Number(value) is not null,
        "integer" => Number(value) is { } n && n == Math.Floor(n),
        _ => throw new InvalidOperationException($"the schema names the type '{type}'"),
    };

    private static string? Text(JsonNode? value) => value is JsonValue v && v.TryGetValue<string>(out var text) ? text : null;

    private static double? Number(JsonNode? value) => value is JsonValue v && v.TryGetValue<double>(out var number) ? number : null;
}
