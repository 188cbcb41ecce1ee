namespace ControlPlane.Core.Anomalies.Scoring;

/// <summary>What an application profile of the benchmark gives and takes.</summary>
/// <param name="TruePositive">Weight of a window that was found at its start.</param>
/// <param name="FalseNegative">Cost of a window without a detection.</param>
/// <param name="FalsePositive">Cost of a detection far from any window.</param>
public sealed record NabProfile(double TruePositive, double FalseNegative, double FalsePositive)
{
    /// <summary>The benchmark's standard profile.</summary>
    public static NabProfile Standard { get; } = new(1, 1, 0.11);
}
