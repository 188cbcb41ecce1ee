using System.Text.Json.Nodes;
using ControlPlane.Simulation.Cluster;

namespace ControlPlane.Simulation.Api;

/// <summary>A label selector, from its text form or from an object's <c>selector</c>.</summary>
internal sealed class LabelSelection
{
    public static readonly LabelSelection Everything = new([]);

    private readonly List<(string Key, string Operator, string[] Values)> _rules;

    private LabelSelection(List<(string, string, string[])> rules) => _rules = rules;

    public bool Matches(JsonObject obj)
    {
        var labels = obj.At("metadata", "labels");
        foreach (var (key, op, values) in _rules)
        {
            var value = labels.Text(key);
            var holds = op switch
            {
                "In" => value is not null && values.Contains(value),
                "NotIn" => value is null || !values.Contains(value),
                "Exists" => value is not null,
                _ => value is null,
            };
            if (!holds) return false;
        }

        return true;
    }

    /// <summary>Parses <c>a=b,c!=d,e in (f,g),h,!i</c>.</summary>
    public static LabelSelection Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text)) return Everything;
        var rules = new List<(string, string, string[])>();
        foreach (var part in Split(text)) rules.Add(Rule(part.Trim()));
        return new LabelSelection(rules);
    }

    public static LabelSelection FromObject(JsonNode? selector)
    {
        var rules = new List<(string, string, string[])>();
        foreach (var (key, value) in selector.At("matchLabels") as JsonObject ?? []) rules.Add((key, "In", [value.Text() ?? ""]));
        foreach (var rule in selector.At("matchExpressions") as JsonArray ?? [])
            rules.Add((rule.Text("key") ?? "", rule.Text("operator") ?? "", [.. (rule.At("values") as JsonArray ?? []).Select(v => v.Text() ?? "")]));
        return new LabelSelection(rules);
    }

    /// <summary>The text form, as <c>/scale</c> tells it.</summary>
    public static string Format(JsonNode? selector) =>
        string.Join(',', (selector.At("matchLabels") as JsonObject ?? []).Select(l => $"{l.Key}={l.Value.Text()}").Order(StringComparer.Ordinal));

    private static (string, string, string[]) Rule(string part)
    {
        if (part.StartsWith('!')) return (part[1..].Trim(), "DoesNotExist", []);
        if (part.EndsWith(')') && part.IndexOf('(') is > 0 and var open)
        {
            var words = part[..open].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            string[] values = [.. part[(open + 1)..^1].Split(',').Select(v => v.Trim())];
            if (words is [var key, "in"]) return (key, "In", values);
            if (words is [var other, "notin"]) return (other, "NotIn", values);
            throw ApiError.BadRequest($"unable to parse requirement: '{part}'");
        }

        foreach (var (sign, op) in new[] { ("!=", "NotIn"), ("==", "In"), ("=", "In") })
        {
            var at = part.IndexOf(sign, StringComparison.Ordinal);
            if (at > 0) return (part[..at].Trim(), op, [part[(at + sign.Length)..].Trim()]);
        }

        return part.Length > 0 && !part.Contains(' ') ? (part, "Exists", []) : throw ApiError.BadRequest($"unable to parse requirement: '{part}'");
    }

    private static IEnumerable<string> Split(string text)
    {
        int depth = 0, start = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '(') depth++;
            else if (text[i] == ')') depth--;
            else if (text[i] == ',' && depth == 0)
            {
                yield return text[start..i];
                start = i + 1;
            }
        }

        yield return text[start..];
    }
}
