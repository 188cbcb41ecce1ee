using System.Collections.Immutable;
using ControlPlane.Core.Anomalies.Signals;
using ControlPlane.Core.Anomalies.Thresholds;
using ControlPlane.Core.Anomalies.Watch;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Anomalies.Series;

/// <summary>
/// One signal with a stated rate of false alarms: the score of a <see cref="SeriesDetector"/> must pass its own threshold and that of SPOT.
/// </summary>
internal sealed class CalibratedSeries : IWatchDetector
{
    private const string Kind = "ANCS";
    private const ushort FormatVersion = 1;

    /// <summary>The score ends at 52. However wild the past, what all detectors find new is an anomaly.</summary>
    private const double LargestThreshold = 30;
    private readonly SeriesDetector _series;
    private readonly SpotThreshold _spot;
    private readonly double[] _blame = [1];
    private double _factor = 1;

    /// <param name="signal">Name of the signal.</param>
    /// <param name="step">Length of a step.</param>
    /// <param name="probability">Probability of a false alarm at a step, above 0 and at most 0.01.</param>
    public CalibratedSeries(string signal, TimeSpan step, double probability)
    {
        Signals = [signal];
        _series = new SeriesDetector(SeriesDetectorOptions.ForStep(step));
        _spot = new SpotThreshold(probability);
    }

    /// <summary>Name of the signal.</summary>
    public ImmutableArray<string> Signals { get; }

    IReadOnlyList<string> IWatchDetector.Signals => Signals;

    double IWatchDetector.LargestThreshold => LargestThreshold;

    /// <inheritdoc/>
    public ReadOnlySpan<double> Blame => _blame;

    /// <inheritdoc/>
    public SignalsVerdict Update(DateTimeOffset time, ReadOnlySpan<double> values)
    {
        var verdict = _series.Update(time, values[0]);
        if (verdict.Status != DetectorStatus.Ready) return new SignalsVerdict(verdict.Status, verdict.Score, double.PositiveInfinity, false);
        var threshold = double.IsFinite(_spot.Value) ? Math.Clamp(_spot.Value, SeriesDetectorOptions.DefaultThreshold, LargestThreshold) * _factor : double.PositiveInfinity;
        _spot.Next(verdict.Score);
        return new SignalsVerdict(DetectorStatus.Ready, verdict.Score, threshold, verdict.Score > threshold);
    }

    /// <inheritdoc/>
    public void Apply(OperatorLabels labels) => _factor = labels.Factor;

    /// <inheritdoc/>
    public byte[] Save()
    {
        var writer = new StateWriter(Kind, FormatVersion, 32 * 1024);
        writer.WriteBlock(_series.Save());
        _spot.Save(writer);
        return writer.ToBytes();
    }

    /// <inheritdoc/>
    public void Load(ReadOnlySpan<byte> bytes)
    {
        var reader = new StateReader(bytes, Kind, FormatVersion, "a calibrated series");
        _series.Load(reader.ReadBlock());
        _spot.Load(ref reader);
        reader.End();
    }
}
