using System.Collections.Immutable;
using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ControlPlane.Core.Policies;

/// <summary>One mapping of a policy text: typed reads that gather faults with their line, and reject what nobody asked for.</summary>
internal sealed class PolicySection(YamlMappingNode node, string path)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _lines = new(StringComparer.Ordinal);

    public List<PolicyError> Errors { get; } = [];

    /// <summary>Paths of every property that the text holds, those of inner sections included.</summary>
    public IEnumerable<string> Written => _lines.Keys;

    public bool Has(string key) => Find(key) is not null;

    /// <summary>The line of a property; the section's own when it was not written.</summary>
    public long LineOf(string property)
    {
        for (var name = property; name.Length > 0; name = Parent(name))
            if (_lines.TryGetValue(name, out var line)) return line;
        return node.Start.Line;
    }

    public string Text(string key, string fallback) => Scalar(key) ?? fallback;

    public string? TextOrNull(string key, string? fallback) => IsNull(key) ? null : Scalar(key) ?? fallback;

    public string RequiredText(string key) => Scalar(key) ?? Missing(key, "");

    public int Integer(string key, int fallback) => IntegerOrNull(key) ?? fallback;

    public int? IntegerOrNull(string key, int? fallback) => IsNull(key) ? null : IntegerOrNull(key) ?? fallback;

    private int? IntegerOrNull(string key) =>
        Parse<int>(key, "a whole number", (string text, out int value) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value));

    public double Number(string key, double fallback) => NumberOrNull(key) ?? fallback;

    public double RequiredNumber(string key) => NumberOrNull(key) ?? (Find(key) is null ? Missing(key, 0.0) : 0);

    public double? NumberOrNull(string key, double? fallback) => IsNull(key) ? null : NumberOrNull(key) ?? fallback;

    private double? NumberOrNull(string key) =>
        Parse<double>(key, "a number", (string text, out double value) =>
            double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && double.IsFinite(value));

    public bool Flag(string key, bool fallback) => Parse<bool>(key, "true or false", bool.TryParse) ?? fallback;

    public TimeSpan Duration(string key, TimeSpan fallback) =>
        Parse<TimeSpan>(key, "a duration such as 500ms, 15s, 5m or 1h30m", DurationText.TryParse) ?? fallback;

    public TimeOnly TimeOfDay(string key) =>
        Parse<TimeOnly>(key, "a time of day such as 08:30", (string text, out TimeOnly value) =>
            TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out value))
        ?? (Find(key) is null ? Missing(key, default(TimeOnly)) : default);

    public T Choice<T>(string key, T fallback) where T : struct, Enum =>
        Parse(key, "one of " + string.Join(", ", Enum.GetNames<T>()), (string text, out T value) => TryName(text, out value)) ?? fallback;

    public ImmutableArray<T> Choices<T>(string key) where T : struct, Enum
    {
        if (Find(key) is not { } found) return [];
        var values = ImmutableArray.CreateBuilder<T>();
        foreach (var item in Items(found, key))
        {
            if (item is YamlScalarNode { Value: { } text } && TryName<T>(text, out var value)) values.Add(value);
            else Fault(item, key, $"'{item}' is not one of {string.Join(", ", Enum.GetNames<T>())}");
        }
        return values.ToImmutable();
    }

    public T Section<T>(string key, Func<PolicySection, T> read, T fallback) where T : class =>
        Find(key) is { } found ? Inner(found, key, read) ?? fallback : fallback;

    public ImmutableArray<T> List<T>(string key, Func<PolicySection, T> read, ImmutableArray<T> fallback) where T : class
    {
        if (Find(key) is not { } found) return fallback;
        var values = ImmutableArray.CreateBuilder<T>();
        var index = 0;
        foreach (var item in Items(found, key))
            if (Inner(item, $"{key}[{index++}]", read) is { } value) values.Add(value);
        return values.ToImmutable();
    }

    public void RejectUnknown()
    {
        foreach (var (key, _) in node.Children)
        {
            var name = (key as YamlScalarNode)?.Value ?? key.ToString();
            if (!_known.Contains(name))
                Errors.Add(new(key.Start.Line, Path(name), $"unknown property; known here: {string.Join(", ", _known)}"));
        }
    }

    private T? Inner<T>(YamlNode found, string key, Func<PolicySection, T> read) where T : class
    {
        if (found is not YamlMappingNode mapping)
        {
            Fault(found, key, "expected properties");
            return null;
        }
        var inner = new PolicySection(mapping, Path(key));
        var value = read(inner);
        Errors.AddRange(inner.Errors);
        foreach (var (name, line) in inner._lines) _lines[name] = line;
        _lines[Path(key)] = mapping.Start.Line;
        return value;
    }

    private IEnumerable<YamlNode> Items(YamlNode found, string key)
    {
        if (found is YamlSequenceNode sequence) return sequence.Children;
        Fault(found, key, "expected a list");
        return [];
    }

    private delegate bool Parser<T>(string text, out T value);

    private T? Parse<T>(string key, string expected, Parser<T> parse) where T : struct
    {
        if (Find(key) is not { } found) return null;
        if (found is YamlScalarNode { Value: { } text } && parse(text, out var value)) return value;
        Fault(found, key, $"'{found}' is not {expected}");
        return null;
    }

    private string? Scalar(string key)
    {
        if (Find(key) is not { } found) return null;
        if (found is YamlScalarNode { Value: { } text }) return text;
        Fault(found, key, "expected a text");
        return null;
    }

    /// <summary>Whether the text says in so many words that there is no value.</summary>
    private bool IsNull(string key) => Find(key) is YamlScalarNode { Style: ScalarStyle.Plain, Value: "null" or "~" or "" };

    private YamlNode? Find(string key)
    {
        _known.Add(key);
        if (!node.Children.TryGetValue(new YamlScalarNode(key), out var found)) return null;
        _lines[Path(key)] = found.Start.Line;
        return found;
    }

    private T Missing<T>(string key, T value)
    {
        Errors.Add(new(node.Start.Line, Path(key), "is missing"));
        return value;
    }

    private void Fault(YamlNode at, string key, string message) => Errors.Add(new(at.Start.Line, Path(key), message));

    private string Path(string key) => path.Length == 0 ? key : $"{path}.{key}";

    private static string Parent(string property) => property.LastIndexOf('.') is var dot and > 0 ? property[..dot] : "";

    private static bool TryName<T>(string text, out T value) where T : struct, Enum =>
        Enum.TryParse(text, ignoreCase: true, out value) && Enum.IsDefined(value) && !char.IsAsciiDigit(text[0]);
}
