using ControlPlane.Core.Anomalies.Signals;
using ControlPlane.Core.Anomalies.Thresholds;

namespace ControlPlane.Core.Anomalies.Scoring.Baselines;

/// <summary>Single detectors of this library on several signals, for the comparison with their combination.</summary>
public static class StreamBaselines
{
    private const int MedianWindow = 64;
    private const double Resolution = 1e-3;
    private const double AlarmProbability = 1e-3;
    private const double ChangeLimit = 10;

    /// <summary>Share by which a running mean of alarms follows: about 10 steps.</summary>
    private const double Share = 2.0 / 11;

    /// <summary>Largest robust z-score over the signals.</summary>
    /// <param name="train">Rows of the training part.</param>
    /// <param name="test">Rows of the test part.</param>
    public static double[] RobustZ(IReadOnlyList<double[]> train, IReadOnlyList<double[]> test)
    {
        ArgumentNullException.ThrowIfNull(train);
        RobustZScore[] signals = [.. train[0].Select(_ => new RobustZScore(MedianWindow, Resolution))];
        double Next(double[] row)
        {
            var largest = 0.0;
            for (var k = 0; k < signals.Length; k++) largest = Math.Max(largest, Math.Abs(signals[k].Next(row[k])));
            return largest;
        }

        return Stream(train, test, Next);
    }

    /// <summary>Share of the signals beyond their own drifting extreme-value thresholds, above or below, averaged over about 10 steps.</summary>
    /// <param name="train">Rows of the training part.</param>
    /// <param name="test">Rows of the test part.</param>
    public static double[] DriftingThresholds(IReadOnlyList<double[]> train, IReadOnlyList<double[]> test)
    {
        ArgumentNullException.ThrowIfNull(train);
        (DriftSpotThreshold Above, DriftSpotThreshold Below)[] signals = [.. train[0].Select(_ => (new DriftSpotThreshold(AlarmProbability, MedianWindow), new DriftSpotThreshold(AlarmProbability, MedianWindow)))];
        return Averaged(train, test, row => row.Select((x, k) => signals[k].Above.Next(x) | signals[k].Below.Next(-x)).Count(isBeyond => isBeyond));
    }

    /// <summary>Share of the signals whose level changed, averaged over about 10 steps.</summary>
    /// <param name="train">Rows of the training part.</param>
    /// <param name="test">Rows of the test part.</param>
    public static double[] ChangePoints(IReadOnlyList<double[]> train, IReadOnlyList<double[]> test)
    {
        ArgumentNullException.ThrowIfNull(train);
        ChangePoint[] signals = [.. train[0].Select(_ => new ChangePoint(ChangeLimit))];
        return Averaged(train, test, row => row.Select((x, k) => signals[k].Next(x, out _)).Count(direction => direction != 0));
    }

    /// <summary>Reproduction error of the autoencoder; it learns from the training part alone.</summary>
    /// <param name="train">Rows of the training part.</param>
    /// <param name="test">Rows of the test part.</param>
    public static double[] Autoencoder(IReadOnlyList<double[]> train, IReadOnlyList<double[]> test)
    {
        ArgumentNullException.ThrowIfNull(train);
        var (network, steps) = (new WindowAutoencoder(train[0].Length), 0);
        double Next(double[] row)
        {
            network.Add(row);
            if (!network.IsReady) return 0;
            var error = network.Error();
            if (steps++ < train.Count) network.Learn((double)steps / train.Count);
            return error;
        }

        return Stream(train, test, Next);
    }

    private static double[] Averaged(IReadOnlyList<double[]> train, IReadOnlyList<double[]> test, Func<double[], int> count)
    {
        var mean = 0.0;
        return Stream(train, test, row => mean += Share * ((double)count(row) / row.Length - mean));
    }

    private static double[] Stream(IReadOnlyList<double[]> train, IReadOnlyList<double[]> test, Func<double[], double> next)
    {
        ArgumentNullException.ThrowIfNull(test);
        foreach (var row in train) next(row);
        return [.. test.Select(next)];
    }
}
