using ControlPlane.Core.Anomalies.Series;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Anomalies.Signals;

/// <summary>
/// Evidence that one signal of several is unusual: its distance from what the hour usually brings, now and on average over some 10
/// steps, and its distance from its slow level over some 20; each against its own past.
/// </summary>
internal sealed class SignalTrack
{
    /// <summary>Number of kinds of evidence.</summary>
    public const int Kinds = 3;
    private const int Memory = 40_000;
    private const int BinsPerDecade = 16;
    private const int Decades = 4;

    /// <summary>Residuals with more evidence than this are not learnt from: an anomaly must not become ordinary while it lasts.</summary>
    private const double LearntEvidence = 3;
    private const double LargestValue = 1e15;
    private static readonly double[] Shares = [1, 2.0 / 11, 2.0 / 21];
    private readonly SeasonalResidual _season = new(0.005, 3);
    private readonly SeasonalResidual _level = new(0.005, 3, buckets: 1);
    private readonly TailCalibrator[] _tails;
    private readonly float[] _means = new float[Kinds];

    private readonly double _resolution;

    /// <param name="resolution">What is too small to matter, in the unit of the signal.</param>
    public SignalTrack(double resolution)
    {
        _resolution = resolution;
        _tails = [.. Enumerable.Range(0, Kinds).Select(_ => new TailCalibrator(Memory, resolution, BinsPerDecade, Decades))];
    }

    /// <summary>Takes a value in.</summary>
    /// <param name="time">Time of the value, UTC.</param>
    /// <param name="value">The value, finite.</param>
    /// <param name="isSettled">Whether the means have settled, so that residuals are worth counting.</param>
    /// <param name="isLearning">Whether everything is learnt from; otherwise only what is not anomalous.</param>
    /// <param name="evidence">Filled with the kinds of evidence, in powers of ten.</param>
    public void Next(DateTimeOffset time, double value, bool isSettled, bool isLearning, Span<double> evidence)
    {
        var x = Math.Clamp(value, -LargestValue, LargestValue);
        var (season, level) = (Beyond(_season.Next(time, x)), Beyond(_level.Next(time, x)));
        for (var k = 0; k < Kinds; k++)
        {
            _means[k] += (float)(Shares[k] * ((k < Kinds - 1 ? season : level) - _means[k]));
            evidence[k] = _tails[k].Evidence(_means[k]);
            if (isSettled && (isLearning || evidence[k] < LearntEvidence)) _tails[k].Add(_means[k]);
        }
    }

    /// <summary>A signal that was frozen must not make news of its last digit.</summary>
    private double Beyond(double distance) => Math.Max(0, Math.Abs(distance) - _resolution);

    /// <summary>Appends the state.</summary>
    public void Save(StateWriter writer)
    {
        _season.Save(writer);
        _level.Save(writer);
        writer.Write((ReadOnlySpan<float>)_means);
        foreach (var tail in _tails) tail.Save(writer);
    }

    /// <summary>Takes over what <see cref="Save"/> wrote.</summary>
    public void Load(ref StateReader reader)
    {
        _season.Load(ref reader);
        _level.Load(ref reader);
        reader.Read(_means);
        foreach (var tail in _tails) tail.Load(ref reader);
    }
}
