using System.Collections.Immutable;
using ControlPlane.Core.Workloads;

namespace ControlPlane.Core.Forecasting;

/// <summary>The predicted demand of one workload as quantiles over a horizon.</summary>
[GenerateSerializer, Immutable, Alias("cp.Forecast")]
public sealed record Forecast
{
    /// <summary>The workload.</summary>
    [Id(0)] public required WorkloadId Workload { get; init; }

    /// <summary>Time of the newest observation that it knows, UTC; the first row is one step later.</summary>
    [Id(1)] public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>Length of a step.</summary>
    [Id(2)] public required TimeSpan Step { get; init; }

    /// <summary>Whether there are values.</summary>
    [Id(3)] public required ForecastStatus Status { get; init; }

    /// <summary>Number of steps; 0 unless <see cref="ForecastStatus.Ready"/>.</summary>
    [Id(4)] public int Horizon { get; init; }

    /// <summary>Quantile levels, ascending, each within (0, 1).</summary>
    [Id(5)] public ImmutableArray<float> Quantiles { get; init; } = [];

    /// <summary>Requests per second, row-major <c>[horizon, quantile]</c>, finite and not negative, ascending within a row.</summary>
    [Id(6)] public ImmutableArray<float> Values { get; init; } = [];

    /// <summary>Name of the model.</summary>
    [Id(7)] public required string Model { get; init; }

    /// <summary>Semantic version of the model.</summary>
    [Id(8)] public required string ModelVersion { get; init; }

    /// <summary>Measured share of recent demands below the highest quantile at the middle of the horizon; null before it was measured.</summary>
    [Id(9)] public double? Coverage { get; init; }

    /// <summary>The value for a step (1 = one step after <see cref="IssuedAt"/>) and an index into <see cref="Quantiles"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The step is not within 1..<see cref="Horizon"/>, or there is no such quantile.</exception>
    public float At(int step, int quantile)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(step, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(step, Horizon);
        ArgumentOutOfRangeException.ThrowIfNegative(quantile);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(quantile, Quantiles.Length);
        return Values[(step - 1) * Quantiles.Length + quantile];
    }
}

/// <summary>Whether a forecast holds values.</summary>
[GenerateSerializer, Alias("cp.ForecastStatus")]
public enum ForecastStatus
{
    /// <summary>Not enough history yet.</summary>
    WarmingUp,

    /// <summary>The values hold.</summary>
    Ready,

    /// <summary>The model failed at this step; the reactive reference decides.</summary>
    Failed,
}
