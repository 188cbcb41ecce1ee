namespace ControlPlane.Core.Anomalies.Scoring;

/// <summary>One series of the Numenta Anomaly Benchmark with what a detector said about it.</summary>
/// <param name="Scores">Anomaly score of every row, oldest first.</param>
/// <param name="Windows">First and last row of each anomaly window, both included, in order and disjoint.</param>
public sealed record NabFile(double[] Scores, IReadOnlyList<(int First, int Last)> Windows)
{
    private const double ProbationShare = 0.15;
    private const int LongestProbation = 750;

    /// <summary>Number of rows at the start that are not scored.</summary>
    public int Probation => ProbationOf(Scores.Length);

    /// <summary>The benchmark's rule: 15% of the file, at most 750 rows.</summary>
    /// <param name="rows">Number of rows of the file.</param>
    public static int ProbationOf(int rows) => Math.Min((int)(ProbationShare * rows), LongestProbation);
}
