using System.Collections.Immutable;
using System.Text.Json.Serialization;
using ControlPlane.Core;
using ControlPlane.Core.Workloads;

namespace ControlPlane.Grains.Services;

/// <summary>What a service grain stores.</summary>
[GenerateSerializer, Immutable, Alias("cp.ServiceState")]
public sealed record ServiceState
{
    /// <summary>The registration; null when there is none.</summary>
    [Id(0)] public WorkloadSpec? Spec { get; init; }

    /// <summary>The demand window's own bytes at the last checkpoint, empty before the first.</summary>
    [Id(1), JsonConverter(typeof(Base64Bytes))] public ImmutableArray<byte> Window { get; init; } = [];

    /// <summary>The filters' and the start-up estimate's own bytes at the last checkpoint, empty before the first.</summary>
    [Id(2), JsonConverter(typeof(Base64Bytes))] public ImmutableArray<byte> Filters { get; init; } = [];
}
