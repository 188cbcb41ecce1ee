using ControlPlane.Core.Forecasting.Neural;

namespace ControlPlane.Core.Anomalies.Scoring.Baselines;

/// <summary>Plain k-means (Lloyd 1982) on the training part; the score is the distance to the nearest of 20 centres. What others compare with.</summary>
public static class KMeansBaseline
{
    private const int Clusters = 20;
    private const int Rounds = 20;

    /// <summary>Scores the test part.</summary>
    /// <param name="train">Rows of the training part, all finite.</param>
    /// <param name="test">Rows of the test part.</param>
    /// <param name="seed">Draws the first centres.</param>
    public static double[] Score(IReadOnlyList<double[]> train, IReadOnlyList<double[]> test, ulong seed = 1)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(test);
        var random = new SeededNoise(seed);
        double[][] centres = [.. Enumerable.Range(0, Clusters).Select(_ => (double[])train[random.NextInt(train.Count)].Clone())];
        for (var round = 0; round < Rounds; round++) Move(centres, train);
        return [.. test.Select(row => Math.Sqrt(Nearest(centres, row).Squared))];
    }

    private static void Move(double[][] centres, IReadOnlyList<double[]> rows)
    {
        var sums = centres.Select(c => new double[c.Length]).ToArray();
        var counts = new int[centres.Length];
        foreach (var row in rows)
        {
            var (nearest, _) = Nearest(centres, row);
            counts[nearest]++;
            for (var j = 0; j < row.Length; j++) sums[nearest][j] += row[j];
        }

        for (var c = 0; c < centres.Length; c++)
        {
            if (counts[c] == 0) continue;
            for (var j = 0; j < centres[c].Length; j++) centres[c][j] = sums[c][j] / counts[c];
        }
    }

    private static (int Centre, double Squared) Nearest(double[][] centres, double[] row)
    {
        var (best, nearest) = (0, double.PositiveInfinity);
        for (var c = 0; c < centres.Length; c++)
        {
            var sum = 0.0;
            for (var j = 0; j < row.Length; j++) sum += (row[j] - centres[c][j]) * (row[j] - centres[c][j]);
            if (sum < nearest) (best, nearest) = (c, sum);
        }

        return (best, nearest);
    }
}
