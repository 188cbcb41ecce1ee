using System.Collections.Immutable;

namespace ControlPlane.Core.Metrics;

/// <summary>Settings of the filters between samples and observations.</summary>
public sealed record IntakeOptions
{
    /// <summary>How far in the future a sample may be. Default 30 s.</summary>
    public TimeSpan MaxFuture { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How far behind the start of the open step a sample may be; until then it counts for the open step. Default 2 min.</summary>
    public TimeSpan MaxLate { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Most samples of one step; further ones are dropped and counted. Default 20,000.</summary>
    public int MaxSamplesPerStep { get; init; } = 20_000;

    /// <summary>Share of the ready pods that must have reported a summed signal for its sum to be known, a fraction. Default 0.8.</summary>
    public double MinPodShare { get; init; } = 0.8;

    /// <summary>Which filter the models' demand passes. Default <see cref="OutlierMethod.Hampel"/>.</summary>
    public OutlierMethod Outliers { get; init; } = OutlierMethod.Hampel;

    /// <summary>Known values that the outlier filter looks back on. Default 40 (10 min of 15 s steps).</summary>
    public int OutlierWindow { get; init; } = 40;

    /// <summary>Consecutive outliers after which they count as the new normal. Default 4 (1 min of 15 s steps).</summary>
    public int OutlierPatience { get; init; } = 4;

    /// <summary>Secret of the keyed hash that replaces label values; empty: label values stay as they are.</summary>
    public ImmutableArray<byte> LabelKey { get; init; } = [];

    /// <summary>Label keys that are removed altogether, compared without case.</summary>
    public ImmutableArray<string> DeniedLabels { get; init; } = [];
}

/// <summary>How outliers are told from values.</summary>
public enum OutlierMethod
{
    /// <summary>Nothing is an outlier.</summary>
    None,

    /// <summary>Outside [Q1 − 3·IQR, Q3 + 3·IQR] of the rolling window.</summary>
    InterquartileFences,

    /// <summary>Further than 6 scaled median absolute deviations from the rolling median.</summary>
    Hampel,
}
