using ControlPlane.Core.Anomalies.Signals;

namespace ControlPlane.Core.Anomalies.Watch;

/// <summary>A detector as a watch uses it.</summary>
internal interface IWatchDetector
{
    /// <summary>Names of its signals.</summary>
    IReadOnlyList<string> Signals { get; }

    /// <summary>A score above this is an anomaly however wild the past.</summary>
    double LargestThreshold { get; }

    /// <summary>How much each signal is to blame for the last step.</summary>
    ReadOnlySpan<double> Blame { get; }

    /// <summary>Takes a step in.</summary>
    SignalsVerdict Update(DateTimeOffset time, ReadOnlySpan<double> values);

    /// <summary>Takes over what operators said so far.</summary>
    void Apply(OperatorLabels labels);

    /// <summary>The state as bytes.</summary>
    byte[] Save();

    /// <summary>Takes over a state that <see cref="Save"/> wrote.</summary>
    void Load(ReadOnlySpan<byte> bytes);
}
