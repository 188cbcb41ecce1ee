using System.Text.Json;
using System.Text.Json.Serialization;
using Orleans.Storage;

namespace ControlPlane.Embedded.Storage;

/// <summary>
/// State as JSON. Members that a type no longer has are skipped and members that the JSON lacks keep their default, so that old
/// state stays readable.
/// </summary>
public sealed class JsonGrainStorageSerializer : IGrainStorageSerializer
{
    private readonly JsonSerializerOptions _options;

    /// <summary>Makes a serializer.</summary>
    /// <param name="options">Overrides the options of <see cref="DefaultOptions"/>.</param>
    public JsonGrainStorageSerializer(JsonSerializerOptions? options = null) => _options = options ?? DefaultOptions;

    /// <summary>Enumerations as text, no nulls, named floating-point literals, immutable arrays also where they were never set.</summary>
    public static JsonSerializerOptions DefaultOptions { get; } = MakeDefault();

    /// <inheritdoc/>
    public BinaryData Serialize<T>(T? input) => new(JsonSerializer.SerializeToUtf8Bytes(input, _options));

    /// <inheritdoc/>
    public T? Deserialize<T>(BinaryData input)
    {
        ArgumentNullException.ThrowIfNull(input);
        return JsonSerializer.Deserialize<T>(input.ToMemory().Span, _options);
    }

    private static JsonSerializerOptions MakeDefault()
    {
        var options = new JsonSerializerOptions
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
        };
        options.Converters.Add(new JsonStringEnumConverter());
        options.Converters.Add(new ImmutableArrayConverterFactory());
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
