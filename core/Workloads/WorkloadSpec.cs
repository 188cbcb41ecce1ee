using System.Collections.Immutable;

namespace ControlPlane.Core.Workloads;

/// <summary>What a team registers: the workload, where its signals come from and which policy it follows.</summary>
[GenerateSerializer, Immutable, Alias("cp.WorkloadSpec")]
public sealed record WorkloadSpec
{
    /// <summary>The workload.</summary>
    [Id(0)] public required WorkloadId Id { get; init; }

    /// <summary>API group and version of the object that has the <c>/scale</c> subresource, for example <c>apps/v1</c>.</summary>
    [Id(1)] public string ApiVersion { get; init; } = "apps/v1";

    /// <summary>Plural resource name in the API path, for example <c>deployments</c>.</summary>
    [Id(2)] public string Resource { get; init; } = "deployments";

    /// <summary>
    /// Name of the custom metric (<c>custom.metrics.k8s.io</c>, on the scale target) that counts the demand in requests per second;
    /// null when demand is pushed through the API.
    /// </summary>
    [Id(3)] public string? DemandMetric { get; init; }

    /// <summary>Labels for grouping and search, after anonymisation; sorted by key.</summary>
    [Id(4)] public ImmutableArray<WorkloadLabel> Labels { get; init; } = [];

    /// <summary>
    /// A policy of its own by scope; null follows the most specific scope of the workload's own chain
    /// (workload, then namespace, then cluster).
    /// </summary>
    [Id(5)] public string? PolicyScope { get; init; }
}

/// <summary>One label of a workload.</summary>
[GenerateSerializer, Immutable, Alias("cp.WorkloadLabel")]
public sealed record WorkloadLabel
{
    /// <summary>The label's key.</summary>
    [Id(0)] public required string Key { get; init; }

    /// <summary>The label's value.</summary>
    [Id(1)] public required string Value { get; init; }
}
