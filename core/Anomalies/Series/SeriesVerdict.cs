namespace ControlPlane.Core.Anomalies.Series;

/// <summary>What a <see cref="SeriesDetector"/> says about one value.</summary>
/// <param name="Status">Whether it can say anything.</param>
/// <param name="Score">Evidence in powers of ten, summed over the detectors; 0 is ordinary.</param>
/// <param name="Threshold">Evidence that an alarm takes now.</param>
/// <param name="IsAlarm">Whether this value raises an alarm.</param>
public readonly record struct SeriesVerdict(DetectorStatus Status, double Score, double Threshold, bool IsAlarm)
{
    /// <summary>The verdict about a value that is unknown.</summary>
    public static SeriesVerdict Unknown { get; } = new(DetectorStatus.Unknown, 0, double.PositiveInfinity, false);

    /// <summary>What an alarm is worth relative to the threshold without recent alarms; 0 without one. The scale of the threshold option.</summary>
    /// <param name="threshold">The threshold without recent alarms.</param>
    public double Strength(double threshold) => IsAlarm ? Score * threshold / Threshold : 0;
}
