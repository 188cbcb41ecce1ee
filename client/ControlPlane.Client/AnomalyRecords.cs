namespace ControlPlane.Client;

/// <summary>What is unusual about a service.</summary>
public sealed record ServiceAnomalies
{
    /// <summary>What is wrong with the pods now, one sentence each.</summary>
    public IReadOnlyList<string> Health { get; init; } = [];

    /// <summary>The detectors that watch the signals; empty before the first step, or when they are off.</summary>
    public IReadOnlyList<Detector> Detectors { get; init; } = [];

    /// <summary>The newest anomalies of the signals, newest first.</summary>
    public IReadOnlyList<SignalAnomaly> Anomalies { get; init; } = [];
}

/// <summary>A detector of a service.</summary>
/// <param name="Kind">What it looks at: <c>signals</c> or <c>demand</c>.</param>
/// <param name="Status">Unknown, WarmingUp or Ready.</param>
/// <param name="Score">The newest score; 0 is ordinary.</param>
/// <param name="Threshold">What the score must exceed; null until the rate of false alarms can be held.</param>
/// <param name="Factor">Factor of the operators' labels on the threshold.</param>
public sealed record Detector(string Kind, string Status, double Score, double? Threshold, double Factor);

/// <summary>An anomaly of a service's signals.</summary>
/// <param name="Id">Its id within the service.</param>
/// <param name="Kind">The detector that found it.</param>
/// <param name="Started">When it began.</param>
/// <param name="Detected">When it was found.</param>
/// <param name="Ended">When it was over; null while it goes on.</param>
/// <param name="Peak">Highest score.</param>
/// <param name="Threshold">Threshold that was passed.</param>
/// <param name="Signals">Its signals with their shares of the blame, largest first; empty when only their combination was unusual.</param>
/// <param name="IsReal">What an operator said; null: nothing.</param>
public sealed record SignalAnomaly(
    string Id, string Kind, DateTimeOffset Started, DateTimeOffset Detected, DateTimeOffset? Ended, double Peak, double Threshold, IReadOnlyList<BlamedSignal> Signals, bool? IsReal);

/// <summary>A signal's part in an anomaly.</summary>
/// <param name="Signal">Its name.</param>
/// <param name="Share">Its share of the blame, a fraction.</param>
public sealed record BlamedSignal(string Signal, double Share);
