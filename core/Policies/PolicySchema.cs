using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ControlPlane.Core.Policies;

/// <summary>The JSON Schema of policies, for editors and for checks before admission. It knows single properties; what they must be to each other is checked on admission.</summary>
public static class PolicySchema
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The schema, draft 2020-12, indented, with a line break at its end.</summary>
    public static string Text { get; } = Make().ToJsonString(Indented).ReplaceLineEndings("\n") + "\n";

    private static JsonObject Make()
    {
        var schema = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "ControlPlane policy",
            ["description"] = "How a scope of workloads is to be scaled. Durations are written as 500ms, 15s, 5m, 1h30m or 2d.",
        };
        foreach (var (key, value) in PolicyFields.Document.Schema(new PolicyDocument()).ToList()) schema[key] = value?.DeepClone();
        return schema;
    }
}
