using System.Text.Json;
using System.Text.Json.Nodes;
using YamlDotNet.RepresentationModel;

namespace ControlPlane.Simulation.Api;

/// <summary>Reads a request's body.</summary>
internal static class RequestBody
{
    public static JsonNode Read(SimRequest request)
    {
        if (request.Body.IsEmpty) throw ApiError.BadRequest("the body is empty");
        if (request.ContentType.Contains("protobuf", StringComparison.Ordinal))
            throw new ApiError(415, "UnsupportedMediaType", "the simulated API speaks JSON only");
        if (!request.ContentType.Contains("yaml", StringComparison.Ordinal)) return Json(request.Body.Span);
        var span = request.Body.Span;
        return span.TrimStart(" \t\r\n"u8) is [(byte)'{', ..] ? Json(span) : Yaml(Cluster.Json.Utf8(span));
    }

    public static JsonObject ReadObject(SimRequest request) => Read(request) as JsonObject ?? throw ApiError.BadRequest("the body must be an object");

    private static JsonNode Json(ReadOnlySpan<byte> bytes) => JsonNode.Parse(bytes) ?? throw new JsonException("the document is null");

    private static JsonNode Yaml(string text)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlDotNet.Core.YamlException e)
        {
            throw ApiError.BadRequest($"the body is not valid YAML: {e.Message}");
        }

        return stream.Documents.Count == 0 ? throw ApiError.BadRequest("the body is empty") : Convert(stream.Documents[0].RootNode) ?? new JsonObject();
    }

    private static JsonNode? Convert(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(c => KeyValuePair.Create(((YamlScalarNode)c.Key).Value ?? "", Convert(c.Value)))),
        YamlSequenceNode list => Cluster.Json.Array(list.Children.Select(Convert).ToArray()),
        YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain, Value: var value } => Plain(value),
        YamlScalarNode scalar => JsonValue.Create(scalar.Value),
        _ => null,
    };

    private static JsonValue? Plain(string? value) => value switch
    {
        null or "" or "~" or "null" => null,
        "true" => JsonValue.Create(true),
        "false" => JsonValue.Create(false),
        _ when long.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
        _ when double.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
        _ => JsonValue.Create(value),
    };
}
