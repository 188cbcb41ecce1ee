using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ControlPlane.Core;

/// <summary>Writes bytes as base 64 and not as a list of numbers; empty is null. No string is made on the way.</summary>
public sealed class Base64Bytes : JsonConverter<ImmutableArray<byte>>
{
    /// <inheritdoc/>
    public override bool HandleNull => true;

    /// <inheritdoc/>
    public override ImmutableArray<byte> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Null ? [] : ImmutableCollectionsMarshal.AsImmutableArray(reader.GetBytesFromBase64());

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ImmutableArray<byte> value, JsonSerializerOptions options)
    {
        if (value.IsDefaultOrEmpty) writer.WriteNullValue();
        else writer.WriteBase64StringValue(value.AsSpan());
    }
}
