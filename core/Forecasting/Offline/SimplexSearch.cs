namespace ControlPlane.Core.Forecasting.Offline;

/// <summary>Minimises a function without its derivatives: the simplex of Nelder and Mead (1965).</summary>
internal static class SimplexSearch
{
    /// <summary>Moves a point towards the minimum.</summary>
    /// <param name="point">Where to start; the best point afterwards.</param>
    /// <param name="size">Edge of the first simplex.</param>
    /// <param name="evaluations">Bound on the number of calls.</param>
    /// <param name="function">What to minimise; NaN counts as infinite.</param>
    /// <returns>The function at the best point.</returns>
    public static double Minimise(double[] point, double size, int evaluations, Func<double[], double> function)
    {
        var n = point.Length;
        var corners = new double[n + 1][];
        var scores = new double[n + 1];
        for (var i = 0; i <= n; i++)
        {
            corners[i] = (double[])point.Clone();
            if (i < n) corners[i][i] += size;
            scores[i] = Score(function, corners[i]);
        }

        for (var calls = n + 1; calls < evaluations;)
        {
            Array.Sort(scores, corners);
            if (scores[n] - scores[0] <= 1e-10 * (Math.Abs(scores[0]) + 1e-10)) break;
            calls += Improve(corners, scores, function);
        }

        Array.Sort(scores, corners);
        corners[0].CopyTo(point, 0);
        return scores[0];
    }

    private static double Score(Func<double[], double> function, double[] point) => function(point) is var score && double.IsNaN(score) ? double.PositiveInfinity : score;

    private static int Improve(double[][] corners, double[] scores, Func<double[], double> function)
    {
        var n = corners.Length - 1;
        var middle = new double[n];
        for (var i = 0; i < n; i++)
            for (var d = 0; d < n; d++) middle[d] += corners[i][d] / n;
        var (mirrored, score) = Try(-1);
        if (score < scores[0])
        {
            var (far, farScore) = Try(-2);
            Replace(farScore < score ? far : mirrored, Math.Min(farScore, score));
            return 2;
        }

        if (score < scores[n - 1])
        {
            Replace(mirrored, score);
            return 1;
        }

        var (near, nearScore) = Try(score < scores[n] ? -0.5 : 0.5);
        if (nearScore < Math.Min(score, scores[n]))
        {
            Replace(near, nearScore);
            return 2;
        }

        for (var i = 1; i <= n; i++)
        {
            for (var d = 0; d < n; d++) corners[i][d] = (corners[i][d] + corners[0][d]) / 2;
            scores[i] = Score(function, corners[i]);
        }

        return n + 2;

        (double[] Point, double Score) Try(double share)
        {
            var trial = new double[n];
            for (var d = 0; d < n; d++) trial[d] = middle[d] + share * (corners[n][d] - middle[d]);
            return (trial, SimplexSearch.Score(function, trial));
        }

        void Replace(double[] with, double value) => (corners[n], scores[n]) = (with, value);
    }
}
