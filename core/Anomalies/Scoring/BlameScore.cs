namespace ControlPlane.Core.Anomalies.Scoring;

/// <summary>How well the signals that a detector blames are those that explain an anomaly.</summary>
public static class BlameScore
{
    /// <summary>Number of blamed signals that are looked at.</summary>
    public const int Blamed = 3;

    /// <summary>Share of the three most blamed signals that are to blame.</summary>
    /// <param name="blame">Blame of every signal.</param>
    /// <param name="culprits">Numbers of the signals that explain the anomaly.</param>
    /// <returns>0 to 1; NaN without culprits.</returns>
    public static double PrecisionAtThree(ReadOnlySpan<double> blame, IReadOnlyCollection<int> culprits)
    {
        ArgumentNullException.ThrowIfNull(culprits);
        if (culprits.Count == 0) return double.NaN;
        var order = new int[blame.Length];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        var keys = new double[blame.Length];
        for (var i = 0; i < keys.Length; i++) keys[i] = double.IsNaN(blame[i]) ? double.PositiveInfinity : -blame[i];
        // Ties go to the signal with the lower number, so that the answer does not depend on the sort.
        Array.Sort(order, (a, b) => keys[a] != keys[b] ? keys[a].CompareTo(keys[b]) : a.CompareTo(b));
        return order.Take(Blamed).Count(culprits.Contains) / (double)Blamed;
    }
}
