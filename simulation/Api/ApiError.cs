using System.Text.Json.Nodes;
using ControlPlane.Simulation.Cluster;

namespace ControlPlane.Simulation.Api;

/// <summary>An answer that is not a success, as a Kubernetes <c>Status</c>.</summary>
internal sealed class ApiError(int code, string reason, string message) : Exception(message)
{
    public int Code { get; } = code;

    public string Reason { get; } = reason;

    public int? RetryAfterSeconds { get; init; }

    public JsonObject? Details { get; init; }

    public static ApiError NotFound(string message = "the server could not find the requested resource") => new(404, "NotFound", message);

    public static ApiError NotFound(ResourceType type, string name) => new(404, "NotFound", $"{type.QualifiedName} \"{name}\" not found")
    {
        Details = new JsonObject { ["name"] = name, ["group"] = type.Group, ["kind"] = type.Plural },
    };

    public static ApiError BadRequest(string message) => new(400, "BadRequest", message);

    public static ApiError Conflict(ResourceType type, string name) => new(
        409,
        "Conflict",
        $"Operation cannot be fulfilled on {type.QualifiedName} \"{name}\": the object has been modified; please apply your changes to the latest version and try again");

    public static ApiError AlreadyExists(ResourceType type, string name) => new(409, "AlreadyExists", $"{type.QualifiedName} \"{name}\" already exists");

    public static ApiError Invalid(ResourceType type, string name, string field, string rule) =>
        new(422, "Invalid", $"{type.Kind}{(type.Group.Length > 0 ? "." + type.Group : "")} \"{name}\" is invalid: {field}: {rule}")
        {
            Details = new JsonObject
            {
                ["name"] = name,
                ["group"] = type.Group,
                ["kind"] = type.Kind,
                ["causes"] = new JsonArray(new JsonObject { ["reason"] = "FieldValueInvalid", ["message"] = rule, ["field"] = field }),
            },
        };

    public static ApiError MethodNotAllowed() => new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");

    public static ApiError Expired() => new(410, "Expired", "too old resource version: the history does not reach back that far");

    public JsonObject ToStatus()
    {
        var status = new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = Message,
            ["reason"] = Reason,
            ["code"] = Code,
        };
        if (Details is not null || RetryAfterSeconds is not null)
        {
            var details = Details?.Copy() ?? [];
            if (RetryAfterSeconds is { } seconds) details["retryAfterSeconds"] = seconds;
            status["details"] = details;
        }

        return status;
    }

    public SimResponse ToResponse() => new() { StatusCode = Code, Body = ToStatus().ToBytes(), RetryAfterSeconds = RetryAfterSeconds };
}
