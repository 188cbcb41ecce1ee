using System.Text;
using ControlPlane.Kubernetes.Api;

namespace ControlPlane.Kubernetes;

/// <summary>A label selector that can be asked.</summary>
internal sealed class LabelMatcher
{
    private readonly List<Requirement> _requirements;

    private LabelMatcher(List<Requirement> requirements) => _requirements = requirements;

    /// <summary>A label that every match must have; null when the selector demands none by value.</summary>
    public (string Key, string Value)? RequiredLabel { get; private init; }

    /// <summary>Parses the text form: <c>a=b,c!=d,e in (x,y),f notin (z),g,!h</c>.</summary>
    /// <exception cref="FormatException">The text is not a selector.</exception>
    public static LabelMatcher Parse(string selector)
    {
        var requirements = SplitTopLevel(selector).Select(ParseOne).ToList();
        var required = requirements.FirstOrDefault(r => r is { IsNegated: false, Values.Count: 1 });
        return new LabelMatcher(requirements) { RequiredLabel = required is null ? null : (required.Key, required.Values![0]) };
    }

    /// <summary>The text form of a selector object; empty when it selects everything.</summary>
    public static string Format(LabelSelector selector)
    {
        var parts = (selector.MatchLabels ?? new Dictionary<string, string>()).Select(l => $"{l.Key}={l.Value}");
        var expressions = (selector.MatchExpressions ?? []).Select(e => e.Operator switch
        {
            "In" => $"{e.Key} in ({string.Join(',', e.Values ?? [])})",
            "NotIn" => $"{e.Key} notin ({string.Join(',', e.Values ?? [])})",
            "Exists" => e.Key,
            _ => $"!{e.Key}",
        });
        return string.Join(',', parts.Concat(expressions));
    }

    /// <summary>Whether an object with these labels is selected.</summary>
    public bool Matches(IReadOnlyDictionary<string, string>? labels)
    {
        foreach (var requirement in _requirements)
            if (!requirement.Holds(labels)) return false;
        return true;
    }

    private static Requirement ParseOne(string text)
    {
        if (text.StartsWith('!')) return new Requirement(Key(text[1..]), null, true);
        if (Operator(text, " notin ") is var (notKey, notSet)) return new Requirement(Key(notKey), Set(notSet, text), true);
        if (Operator(text, " in ") is var (key, set)) return new Requirement(Key(key), Set(set, text), false);
        if (Operator(text, "!=") is var (left, right)) return new Requirement(Key(left), [right.Trim()], true);
        if (Operator(text, "==") is var (left2, right2)) return new Requirement(Key(left2), [right2.Trim()], false);
        if (Operator(text, "=") is var (left3, right3)) return new Requirement(Key(left3), [right3.Trim()], false);
        return new Requirement(Key(text), null, false);
    }

    private static (string Left, string Right)? Operator(string text, string mark)
    {
        var at = text.IndexOf(mark, StringComparison.Ordinal);
        return at < 0 ? null : (text[..at], text[(at + mark.Length)..]);
    }

    private static string Key(string text) =>
        text.Trim() is { Length: > 0 } key && !key.AsSpan().ContainsAny(" ()=!,") ? key : throw new FormatException($"'{text}' is not a label's key");

    private static List<string> Set(string text, string whole)
    {
        var set = text.Trim();
        return set is ['(', .., ')'] ? [.. set[1..^1].Split(',').Select(v => v.Trim())] : throw new FormatException($"'{whole}' is not a label requirement");
    }

    private static IEnumerable<string> SplitTopLevel(string selector)
    {
        var part = new StringBuilder();
        var depth = 0;
        foreach (var c in selector + ",")
        {
            if (c == ',' && depth == 0)
            {
                if (part.ToString().Trim() is { Length: > 0 } text) yield return text;
                part.Clear();
                continue;
            }

            if (c is '(') depth++;
            else if (c is ')') depth--;
            part.Append(c);
        }

        if (part.Length > 0) throw new FormatException($"'{selector}' is not a label selector: a bracket is open");
    }

    private sealed record Requirement(string Key, List<string>? Values, bool IsNegated)
    {
        public bool Holds(IReadOnlyDictionary<string, string>? labels)
        {
            var has = labels is not null && labels.TryGetValue(Key, out var value) && (Values is null || Values.Contains(value));
            return has != IsNegated;
        }
    }
}
