namespace ControlPlane.Core.Learning;

/// <summary>What each move is worth in a state.</summary>
internal interface IActionValues
{
    /// <summary>Number of moves.</summary>
    int Actions { get; }

    /// <summary>
    /// By how much each move is better than move 0, taken for smaller by some standard errors where it is not certain: without much evidence nothing is worth moving for.
    /// </summary>
    /// <param name="features">The state.</param>
    /// <param name="caution">How many standard errors.</param>
    /// <param name="advantages">As many as there are moves; the first is 0.</param>
    void Advantages(ReadOnlySpan<float> features, double caution, Span<double> advantages);
}
