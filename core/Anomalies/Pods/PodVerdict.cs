namespace ControlPlane.Core.Anomalies.Pods;

/// <summary>A pod that is unlike its peers.</summary>
/// <param name="Pod">Its name.</param>
/// <param name="Score">Distance from its peers in robust standard deviations, averaged over the last steps.</param>
/// <param name="Since">First of the successive steps in which it was an outlier, UTC.</param>
/// <param name="Feature">Number of the feature that sets it apart most.</param>
/// <param name="Share">Share of that feature in the squared distance, 0 to 1.</param>
/// <param name="Novelty">Distance from what was ordinary for this workload's pods before, in resolutions; infinite when nothing was.</param>
public readonly record struct PodVerdict(string Pod, double Score, DateTimeOffset Since, int Feature, double Share, double Novelty);
