using System.Text.Json;
using System.Text.Json.Serialization;

namespace ControlPlane.Core;

/// <summary>The one JSON form of the contracts: records, exports, decision records and the bytes that are compared on replay.</summary>
public static class CoreJson
{
    /// <summary>camelCase, enums by name, numbers in their shortest exact form, absent instead of null.</summary>
    public static readonly JsonSerializerOptions Options = Make();

    /// <summary>The value as UTF-8 JSON; equal values give equal bytes.</summary>
    public static byte[] ToBytes<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Options);

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Converters = { new JsonStringEnumConverter() },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
