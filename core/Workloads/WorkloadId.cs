using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ControlPlane.Core.Workloads;

/// <summary>Names one workload as <c>cluster/namespace/kind/name</c>; its text is the grain key and the stream key.</summary>
[GenerateSerializer, Immutable, Alias("cp.WorkloadId")]
[JsonConverter(typeof(WorkloadIdJsonConverter))]
public sealed record WorkloadId
{
    /// <summary>The cluster's name as the operator registered it.</summary>
    [Id(0)] public required string Cluster { get; init; }

    /// <summary>The Kubernetes namespace.</summary>
    [Id(1)] public required string Namespace { get; init; }

    /// <summary>The Kubernetes kind in lower case, for example <c>deployment</c>.</summary>
    [Id(2)] public required string Kind { get; init; }

    /// <summary>The object's name.</summary>
    [Id(3)] public required string Name { get; init; }

    /// <summary>Parses <c>cluster/namespace/kind/name</c>.</summary>
    /// <exception cref="FormatException">The text has not four non-empty parts of lower-case DNS characters.</exception>
    public static WorkloadId Parse(string text) =>
        TryParse(text, out var id)
            ? id
            : throw new FormatException($"'{text}' is not a workload id: expected cluster/namespace/kind/name in lower-case letters, digits, '-' and '.'.");

    /// <summary>Parses <c>cluster/namespace/kind/name</c>; false when the text is not one.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, [NotNullWhen(true)] out WorkloadId? id)
    {
        id = null;
        var parts = text?.Split('/');
        if (parts is not { Length: 4 } || !parts.All(IsPart)) return false;
        id = new WorkloadId { Cluster = parts[0], Namespace = parts[1], Kind = parts[2], Name = parts[3] };
        return true;
    }

    /// <summary>The text form, <c>cluster/namespace/kind/name</c>.</summary>
    public override string ToString() => $"{Cluster}/{Namespace}/{Kind}/{Name}";

    private static bool IsPart(string part) =>
        part.Length is > 0 and <= 253 && part.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or '.');
}

/// <summary>Writes a workload id as its text form.</summary>
public sealed class WorkloadIdJsonConverter : JsonConverter<WorkloadId>
{
    /// <inheritdoc/>
    public override WorkloadId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        return WorkloadId.TryParse(text, out var id) ? id : throw new JsonException($"'{text}' is not a workload id (cluster/namespace/kind/name).");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, WorkloadId value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
