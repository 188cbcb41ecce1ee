namespace ControlPlane.Core.Metrics;

/// <summary>One value of a metric window.</summary>
/// <param name="Time">End of the interval that the value is the mean of, UTC.</param>
/// <param name="Value">The mean; null when nothing was measured.</param>
[GenerateSerializer, Immutable, Alias("cp.MetricPoint")]
public readonly record struct MetricPoint([property: Id(0)] DateTimeOffset Time, [property: Id(1)] double? Value);
