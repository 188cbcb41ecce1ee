namespace ControlPlane.Core.Anomalies.Signals;

/// <summary>What a <see cref="SignalsDetector"/> says about one step.</summary>
/// <param name="Status">Whether it can say anything.</param>
/// <param name="Score">Evidence, summed over detectors; 0 is ordinary.</param>
/// <param name="Threshold">What the score must exceed now; infinite until the false-alarm rate can be held.</param>
/// <param name="IsAnomalous">Whether it does.</param>
public readonly record struct SignalsVerdict(DetectorStatus Status, double Score, double Threshold, bool IsAnomalous)
{
    /// <summary>The verdict about a step without a single known value.</summary>
    public static SignalsVerdict Unknown { get; } = new(DetectorStatus.Unknown, 0, double.PositiveInfinity, false);
}
