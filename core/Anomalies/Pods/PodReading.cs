using System.Collections.Immutable;

namespace ControlPlane.Core.Anomalies.Pods;

/// <summary>What one pod showed in a step.</summary>
/// <param name="Pod">Its name.</param>
/// <param name="Values">One value a feature, in the order of the detector's; one that is not finite is unknown.</param>
public readonly record struct PodReading(string Pod, ImmutableArray<double> Values);
