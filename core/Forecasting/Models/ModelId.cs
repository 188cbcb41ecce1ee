using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ControlPlane.Core.Forecasting.Models;

/// <summary>Names one version of one model; its text is <c>name/major.minor.patch</c>.</summary>
[GenerateSerializer, Immutable, Alias("cp.ModelId")]
[JsonConverter(typeof(ModelIdJsonConverter))]
public sealed record ModelId
{
    private const int LongestName = 64;

    /// <summary>The model's name: lower-case letters, digits and '-'.</summary>
    [Id(0)] public required string Name { get; init; }

    /// <summary>Its semantic version.</summary>
    [Id(1)] public required string Version { get; init; }

    /// <summary>The id of a name and a version.</summary>
    /// <exception cref="FormatException">One of them is not as it must be.</exception>
    public static ModelId Of(string name, string version) => Parse($"{name}/{version}");

    /// <summary>Parses <c>name/major.minor.patch</c>.</summary>
    /// <exception cref="FormatException">The text is no model id.</exception>
    public static ModelId Parse(string text) => TryParse(text, out var id)
        ? id
        : throw new FormatException($"'{text}' is not a model id: expected name/major.minor.patch, the name in lower-case letters, digits and '-'.");

    /// <summary>Parses <c>name/major.minor.patch</c>; false when the text is none.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out ModelId? id)
    {
        id = null;
        var parts = text?.Split('/');
        if (parts is not { Length: 2 } || !IsName(parts[0]) || !SemanticVersion.TryParse(parts[1], out _)) return false;
        id = new ModelId { Name = parts[0], Version = parts[1] };
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name}/{Version}";

    private static bool IsName(string text) =>
        text.Length is > 0 and <= LongestName && text[0] != '-' && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
}

/// <summary>A model id as its text.</summary>
public sealed class ModelIdJsonConverter : JsonConverter<ModelId>
{
    /// <inheritdoc/>
    public override ModelId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ModelId.TryParse(reader.GetString(), out var id) ? id : throw new JsonException($"'{reader.GetString()}' is not a model id");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ModelId value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
