using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ControlPlane.Core.Policies;

/// <summary>Writes policies in the form that <see cref="PolicyReader"/> reads.</summary>
public static partial class PolicyText
{
    private const int NoteColumn = 46;

    /// <summary>The policy as YAML, every property with its value.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="note">What is to stand behind a property as a comment; null for nothing.</param>
    public static string ToYaml(PolicyDocument policy, Func<string, string?>? note = null)
    {
        var text = new StringBuilder();
        var json = PolicyFields.Document.Write(policy);
        if (policy.Scope.Length == 0) json.Remove("scope");
        if (policy.Version == 0) json.Remove("version");
        // The cluster's, of which a narrower scope writes nothing.
        if (policy.Scope.Contains('/')) json.Remove(PolicyFields.Teams);
        Section(text, json, "", 0, note);
        return text.ToString();
    }

    /// <summary>Every property by its path, its value as JSON.</summary>
    internal static Dictionary<string, string> Values(PolicyDocument? policy)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        if (policy is not null) Gather(PolicyFields.Document.Write(policy), "", values);
        return values;
    }

    private static void Gather(JsonObject section, string path, Dictionary<string, string> values)
    {
        foreach (var (name, value) in section)
        {
            if (value is JsonObject inner) Gather(inner, $"{path}{name}.", values);
            else values[path + name] = value!.ToJsonString();
        }
    }

    private static void Section(StringBuilder text, JsonObject section, string path, int indent, Func<string, string?>? note)
    {
        foreach (var (name, value) in section)
        {
            var at = path + name;
            if (value is JsonObject inner)
            {
                text.Append(' ', indent).Append(name).Append(":\n");
                Section(text, inner, $"{at}.", indent + 2, note);
                continue;
            }
            if (value is JsonArray { Count: > 0 } items && items[0] is JsonObject)
            {
                Line(text, $"{new string(' ', indent)}{name}:", note?.Invoke(at));
                foreach (var item in items) text.Append(' ', indent + 2).Append("- ").Append(Flow(item!)).Append('\n');
                continue;
            }
            Line(text, $"{new string(' ', indent)}{name}: {Flow(value!)}", note?.Invoke(at));
        }
    }

    private static void Line(StringBuilder text, string line, string? note) =>
        text.Append(note is null ? line : $"{line.PadRight(NoteColumn)} # {note}").Append('\n');

    private static string Flow(JsonNode value) => value switch
    {
        JsonArray list => $"[{string.Join(", ", list.Select(item => Flow(item!)))}]",
        JsonObject section => $"{{ {string.Join(", ", section.Select(p => $"{p.Key}: {Flow(p.Value!)}"))} }}",
        JsonValue v when v.TryGetValue<string>(out var text) => Plain().IsMatch(text) ? text : value.ToJsonString(),
        JsonValue v when v.TryGetValue<double>(out var number) => number.ToString("R", CultureInfo.InvariantCulture),
        _ => value.ToJsonString(),
    };

    /// <summary>Texts that YAML takes for texts without quotes; a time of day is none.</summary>
    [GeneratedRegex("^([A-Za-z_][A-Za-z0-9_./-]*|[0-9.]+[a-z][0-9a-z.]*)$")]
    private static partial Regex Plain();
}
