using ControlPlane.Core.Forecasting.Ensemble;

namespace ControlPlane.Core.Forecasting.Network;

/// <summary>Examples for the correction network, a row each; bounded by its capacity.</summary>
internal sealed class CorrectionRows(int capacity)
{
    private const int InputCount = CorrectionNetwork.Inputs;

    /// <summary>Floats of a row: the inputs, by level the outcome less the quantile in spreads, the weight.</summary>
    private const int Width = InputCount + QuantileGrid.Count + 1;

    private const int RowsPerBlock = 4096;
    private const double LeastDeviation = 0.1;
    private readonly List<float[]> _blocks = [];

    public int Count { get; private set; }

    public bool IsFull => Count >= capacity;

    public Span<float> Inputs(int row) => Row(row)[..InputCount];

    /// <summary>By level, the outcome less the ensemble's quantile, in its spreads.</summary>
    public ReadOnlySpan<float> Misses(int row) => Row(row).Slice(InputCount, QuantileGrid.Count);

    public float Weight(int row) => Row(row)[^1];

    /// <summary>Multiplies a row's weight.</summary>
    public void Weigh(int row, float factor) => Row(row)[^1] *= factor;

    /// <summary>Appends a row unless it is full or the row holds a number that is not finite.</summary>
    /// <param name="inputs">What the network sees.</param>
    /// <param name="quantiles">What the ensemble said, by level.</param>
    /// <param name="spread">Its spread.</param>
    /// <param name="outcome">What came.</param>
    public void Add(ReadOnlySpan<float> inputs, ReadOnlySpan<float> quantiles, float spread, double outcome)
    {
        if (IsFull) return;
        if (Count % RowsPerBlock == 0 && Count / RowsPerBlock == _blocks.Count) _blocks.Add(new float[RowsPerBlock * Width]);
        var row = Row(Count);
        inputs.CopyTo(row);
        for (var level = 0; level < quantiles.Length; level++) row[InputCount + level] = (float)((outcome - quantiles[level]) / spread);
        row[^1] = spread;
        foreach (var number in row)
        {
            if (!float.IsFinite(number)) return;
        }

        Count++;
    }

    /// <summary>Means of the inputs and their standard deviations, at least a tenth: an input that hardly ever moved must not become loud.</summary>
    public (float[] Mean, float[] Deviation) Moments()
    {
        var (sums, squares) = (new double[InputCount], new double[InputCount]);
        for (var row = 0; row < Count; row++)
        {
            var inputs = Inputs(row);
            for (var i = 0; i < InputCount; i++)
            {
                sums[i] += inputs[i];
                squares[i] += (double)inputs[i] * inputs[i];
            }
        }

        float[] mean = [.. sums.Select(sum => (float)(sum / Math.Max(1, Count)))];
        return (mean, [.. squares.Select((square, i) => (float)Math.Max(LeastDeviation, Math.Sqrt(Math.Max(0, square / Math.Max(1, Count) - (double)mean[i] * mean[i]))))]);
    }

    /// <summary>Makes every input have about mean 0 and deviation 1.</summary>
    public void Standardise(float[] mean, float[] deviation)
    {
        for (var row = 0; row < Count; row++)
        {
            var inputs = Inputs(row);
            for (var i = 0; i < InputCount; i++) inputs[i] = (inputs[i] - mean[i]) / deviation[i];
        }
    }

    /// <summary>Divides the weights by their mean; none stays above <paramref name="largest"/>.</summary>
    public void BoundWeights(float largest)
    {
        var sum = 0.0;
        for (var row = 0; row < Count; row++) sum += Weight(row);
        var mean = sum / Math.Max(1, Count);
        for (var row = 0; row < Count; row++) Row(row)[^1] = Math.Min(largest, (float)(Weight(row) / mean));
    }

    private Span<float> Row(int row) => _blocks[row / RowsPerBlock].AsSpan(row % RowsPerBlock * Width, Width);
}
