using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ControlPlane.Simulation.Cluster;

/// <summary>Short ways to read and write Kubernetes objects as JSON.</summary>
internal static class Json
{
    private static readonly JsonWriterOptions Compact = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The node at a path of property names; null when there is none.</summary>
    public static JsonNode? At(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (node is not JsonObject inner || !inner.TryGetPropertyValue(name, out node)) return null;
        }

        return node;
    }

    public static string? Text(this JsonNode? node, params ReadOnlySpan<string> path) => node.At(path) switch
    {
        JsonValue value when value.TryGetValue<string>(out var text) => text,
        JsonValue value => value.ToJsonString(),
        _ => null,
    };

    public static int? Int(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.GetValueKind() == JsonValueKind.Number && int.TryParse(value.ToJsonString(), CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    public static bool IsTrue(this JsonNode? node, params ReadOnlySpan<string> path) => node.At(path) is JsonValue value && value.GetValueKind() == JsonValueKind.True;

    /// <summary>The object at a name, made when it is missing.</summary>
    public static JsonObject Child(this JsonObject parent, string name)
    {
        if (parent[name] is JsonObject child) return child;
        child = [];
        parent[name] = child;
        return child;
    }

    public static JsonObject Meta(this JsonObject obj) => obj.Child("metadata");

    public static string Name(this JsonObject obj) => obj.Text("metadata", "name") ?? "";

    public static string Namespace(this JsonObject obj) => obj.Text("metadata", "namespace") ?? "";

    public static JsonObject Copy(this JsonObject obj) => (JsonObject)obj.DeepClone();

    public static byte[] ToBytes(this JsonNode node)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Compact)) node.WriteTo(writer);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>A time as Kubernetes writes it, whole seconds.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A time as Kubernetes writes it where microseconds count.</summary>
    public static string MicroTime(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    public static DateTimeOffset? ParseTime(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    public static JsonArray Array(IEnumerable<JsonNode?> items) => [.. items];

    public static JsonArray Texts(IEnumerable<string> items) => [.. items.Select(i => (JsonNode?)i)];

    public static string Utf8(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);
}
