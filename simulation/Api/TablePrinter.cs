using System.Text.Json.Nodes;
using ControlPlane.Simulation.Cluster;

namespace ControlPlane.Simulation.Api;

/// <summary>Prints objects as a <c>meta.k8s.io/v1 Table</c>, as kubectl asks for it.</summary>
internal static class TablePrinter
{
    public static bool IsWanted(SimRequest request) => request.Accept.Contains("as=Table", StringComparison.Ordinal);

    public static SimResponse Respond(SimRequest request, IReadOnlyList<StoredObject> objects, ResourceType type, JsonObject meta, DateTimeOffset now) =>
        new() { Body = Table(request, objects, type, meta, now).ToBytes() };

    public static JsonObject Table(SimRequest request, IReadOnlyList<StoredObject> objects, ResourceType type, JsonObject meta, DateTimeOffset now)
    {
        var columns = TableColumns.Of(type);
        return new JsonObject
        {
            ["kind"] = "Table",
            ["apiVersion"] = "meta.k8s.io/v1",
            ["metadata"] = meta,
            ["columnDefinitions"] = Json.Array(columns.Select(c => (JsonNode?)Definition(c)).ToArray()),
            ["rows"] = Json.Array(objects.Select(o => (JsonNode?)Row(request, columns, o, now)).ToArray()),
        };
    }

    private static JsonObject Definition(TableColumn column) => new()
    {
        ["name"] = column.Name,
        ["type"] = column.Type,
        ["format"] = column.Name == "Name" ? "name" : "",
        ["description"] = "",
        ["priority"] = column.IsWide ? 1 : 0,
    };

    private static JsonObject Row(SimRequest request, IReadOnlyList<TableColumn> columns, StoredObject obj, DateTimeOffset now)
    {
        var row = new JsonObject { ["cells"] = Json.Array(columns.Select(c => c.Cell(obj.Json, now)).ToArray()) };
        JsonNode? shown = request.Parameter("includeObject") switch
        {
            "None" => null,
            "Object" => obj.Json.DeepClone(),
            _ => new JsonObject { ["kind"] = "PartialObjectMetadata", ["apiVersion"] = "meta.k8s.io/v1", ["metadata"] = obj.Json["metadata"]?.DeepClone() },
        };
        if (shown is not null) row["object"] = shown;
        return row;
    }
}

/// <summary>A column of a table; wide columns show with <c>-o wide</c> only.</summary>
internal sealed record TableColumn(string Name, Func<JsonObject, DateTimeOffset, JsonNode?> Cell, bool IsWide = false, string Type = "string");
