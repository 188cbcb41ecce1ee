namespace ControlPlane.Core.Learning;

/// <summary>Action values in a table, learnt by Q-learning (Watkins and Dayan, 1992): the value of a move goes towards reward + discount · greatest value of the next state.</summary>
/// <param name="grid">Numbers the states.</param>
/// <param name="actions">Number of moves.</param>
internal sealed class QTable(StateGrid grid, int actions) : IActionValues
{
    /// <summary>Rates 1 ÷ (1 + visits)^power converge for powers within (0.5, 1]; small ones forget the start sooner (Even-Dar and Mansour, 2003).</summary>
    private const double RatePower = 0.7;

    private readonly double[] _values = new double[grid.Count * actions];
    private readonly double[] _squares = new double[grid.Count * actions];
    private readonly double[] _visits = new double[grid.Count * actions];

    public int Actions => actions;

    public StateGrid Grid => grid;

    /// <summary>Values, mean squared surprises and visits, row-major <c>[state, move]</c>.</summary>
    public (double[] Values, double[] Squares, double[] Visits) Cells => (_values, _squares, _visits);

    /// <summary>Learns from experience in random order.</summary>
    public static QTable Learn(StateGrid grid, int actions, Experience experience, LearningOptions options, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        var table = new QTable(grid, actions);
        var random = new Forecasting.Neural.SeededNoise(options.Seed);
        var order = new int[experience.Count];
        for (var i = 0; i < order.Length; i++) order[i] = i;
        for (var pass = 0; pass < options.Passes; pass++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            random.Shuffle<int>(order);
            foreach (var i in order)
            {
                var (action, reward, isLast) = experience.Outcome(i);
                table.Update(grid.Of(experience.State(i)), action, reward, isLast ? -1 : grid.Of(experience.Next(i)), options.Discount);
            }

            progress?.Report((pass + 1.0) / options.Passes);
        }

        // Repeated passes bring no new evidence. Single precision, as artifacts keep it: a table says the same before and after.
        for (var i = 0; i < table._visits.Length; i++)
            (table._values[i], table._squares[i], table._visits[i]) = ((float)table._values[i], (float)table._squares[i], (float)(table._visits[i] / options.Passes));
        return table;
    }

    /// <summary>One update.</summary>
    /// <param name="state">The state.</param>
    /// <param name="action">The move.</param>
    /// <param name="reward">What it brought.</param>
    /// <param name="next">The state after it; below 0 when nothing came after.</param>
    /// <param name="discount">What counts of the next state's worth.</param>
    public void Update(int state, int action, double reward, int next, double discount)
    {
        var cell = state * actions + action;
        var target = reward + (next < 0 ? 0 : discount * Best(next));
        var rate = Math.Pow(++_visits[cell], -RatePower);
        var surprise = target - _values[cell];
        _values[cell] += rate * surprise;
        _squares[cell] += rate * (surprise * surprise - _squares[cell]);
    }

    /// <summary>Value of a move.</summary>
    public double Value(int state, int action) => _values[state * actions + action];

    /// <inheritdoc/>
    public void Advantages(ReadOnlySpan<float> features, double caution, Span<double> advantages)
    {
        var first = grid.Of(features) * actions;
        advantages[0] = 0;
        for (var a = 1; a < actions; a++)
        {
            var isKnown = _visits[first] >= 1 && _visits[first + a] >= 1;
            advantages[a] = isKnown ? _values[first + a] - _values[first] - caution * Math.Sqrt(Variance(first) + Variance(first + a)) : double.NegativeInfinity;
        }
    }

    private double Variance(int cell) => _squares[cell] / _visits[cell];

    private double Best(int state)
    {
        var best = _values[state * actions];
        for (var a = 1; a < actions; a++) best = Math.Max(best, _values[state * actions + a]);
        return best;
    }
}
