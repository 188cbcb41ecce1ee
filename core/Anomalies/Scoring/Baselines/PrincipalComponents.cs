namespace ControlPlane.Core.Anomalies.Scoring.Baselines;

/// <summary>
/// Principal components of the training part that hold 90% of its variance; the score is the distance of a row from their plane. The
/// components are the eigenvectors of the covariances (Jacobi's rotations). What others compare with.
/// </summary>
public static class PrincipalComponents
{
    private const double KeptVariance = 0.9;
    private const int Sweeps = 30;

    /// <summary>Scores the test part.</summary>
    /// <param name="train">Rows of the training part, all finite.</param>
    /// <param name="test">Rows of the test part.</param>
    public static double[] Score(IReadOnlyList<double[]> train, IReadOnlyList<double[]> test)
    {
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(test);
        var n = train[0].Length;
        var mean = new double[n];
        foreach (var row in train)
        {
            for (var j = 0; j < n; j++) mean[j] += row[j] / train.Count;
        }

        var (values, vectors) = Eigen(Covariances(train, mean));
        var kept = Kept(values);
        return [.. test.Select(row => Distance(row, mean, vectors, kept))];
    }

    /// <summary>Eigenvalues and eigenvectors (columns) of a symmetric matrix, in no order.</summary>
    internal static (double[] Values, double[,] Vectors) Eigen(double[,] matrix)
    {
        var n = matrix.GetLength(0);
        var vectors = new double[n, n];
        for (var i = 0; i < n; i++) vectors[i, i] = 1;
        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            for (var p = 0; p < n; p++)
            {
                for (var q = p + 1; q < n; q++) Rotate(matrix, vectors, p, q);
            }
        }

        return ([.. Enumerable.Range(0, n).Select(i => matrix[i, i])], vectors);
    }

    private static double[,] Covariances(IReadOnlyList<double[]> rows, double[] mean)
    {
        var n = mean.Length;
        var matrix = new double[n, n];
        foreach (var row in rows)
        {
            for (var i = 0; i < n; i++)
            {
                for (var j = i; j < n; j++) matrix[i, j] += (row[i] - mean[i]) * (row[j] - mean[j]) / rows.Count;
            }
        }

        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < i; j++) matrix[i, j] = matrix[j, i];
        }

        return matrix;
    }

    private static void Rotate(double[,] a, double[,] vectors, int p, int q)
    {
        if (Math.Abs(a[p, q]) < 1e-300) return;
        var ratio = (a[q, q] - a[p, p]) / (2 * a[p, q]);
        var t = (ratio >= 0 ? 1 : -1) / (Math.Abs(ratio) + Math.Sqrt(ratio * ratio + 1));
        var c = 1 / Math.Sqrt(t * t + 1);
        var s = t * c;
        var n = a.GetLength(0);
        for (var k = 0; k < n; k++) (a[k, p], a[k, q]) = (c * a[k, p] - s * a[k, q], s * a[k, p] + c * a[k, q]);
        for (var k = 0; k < n; k++) (a[p, k], a[q, k]) = (c * a[p, k] - s * a[q, k], s * a[p, k] + c * a[q, k]);
        for (var k = 0; k < n; k++) (vectors[k, p], vectors[k, q]) = (c * vectors[k, p] - s * vectors[k, q], s * vectors[k, p] + c * vectors[k, q]);
    }

    private static int[] Kept(double[] values)
    {
        var (sum, total, kept) = (0.0, values.Sum(), new List<int>());
        foreach (var i in Enumerable.Range(0, values.Length).OrderByDescending(i => values[i]))
        {
            if (sum >= KeptVariance * total) break;
            sum += values[i];
            kept.Add(i);
        }

        return [.. kept];
    }

    private static double Distance(double[] row, double[] mean, double[,] vectors, int[] kept)
    {
        var rest = new double[row.Length];
        for (var j = 0; j < rest.Length; j++) rest[j] = row[j] - mean[j];
        var squared = rest.Sum(x => x * x);
        foreach (var v in kept)
        {
            var along = 0.0;
            for (var j = 0; j < rest.Length; j++) along += rest[j] * vectors[j, v];
            squared -= along * along;
        }

        return Math.Sqrt(Math.Max(0, squared));
    }
}
