using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ControlPlane.Kubernetes.Api;

/// <summary>A count or a percentage such as <c>25%</c>, as disruption budgets and rollouts use it.</summary>
[JsonConverter(typeof(IntOrStringConverter))]
public readonly record struct IntOrString
{
    /// <summary>Makes a count.</summary>
    public IntOrString(int number) => (Number, Text) = (number, null);

    /// <summary>Makes a text, for example <c>25%</c>.</summary>
    public IntOrString(string text) => (Number, Text) = (0, text);

    /// <summary>The count; 0 when it is a text.</summary>
    public int Number { get; }

    /// <summary>The text; null when it is a count.</summary>
    public string? Text { get; }

    /// <inheritdoc/>
    public override string ToString() => Text ?? Number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Writes a count as a number and a text as a text.</summary>
public sealed class IntOrStringConverter : JsonConverter<IntOrString>
{
    /// <inheritdoc/>
    public override IntOrString Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Number => new IntOrString(reader.GetInt32()),
        JsonTokenType.String => new IntOrString(reader.GetString()!),
        _ => throw new JsonException("expected a number or a text"),
    };

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, IntOrString value, JsonSerializerOptions options)
    {
        if (value.Text is null) writer.WriteNumberValue(value.Number);
        else writer.WriteStringValue(value.Text);
    }
}
