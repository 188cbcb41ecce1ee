using ControlPlane.Core.Forecasting.Neural;

namespace ControlPlane.Core.Forecasting.Network;

/// <summary>
/// An autoregressive recurrent network with a quantile head, after DeepAR (Salinas, Flunkert, Gasthaus, 2017): one LSTM layer whose input is the newest
/// scaled value and the covariates (lags, calendar) of the step to predict, and a dense layer that gives the quantiles of that step. Later steps follow
/// by feeding back the median. The weights are shared by all series; a series owns an <see cref="LstmState"/>. Nothing is allocated after construction,
/// and reading is safe from several threads while nobody trains.
/// </summary>
internal sealed class QuantileLstm
{
    /// <summary>Largest absolute input that is believed; scaled values are around 1.</summary>
    private const float LargestInput = 1e3f;

    private readonly float[] _levels;
    private readonly int _median;

    /// <param name="covariates">Known inputs beside the value itself.</param>
    /// <param name="hidden">Units of the recurrent layer.</param>
    /// <param name="levels">Quantile levels, ascending, 0.5 among them.</param>
    /// <param name="seed">Draws the first weights.</param>
    /// <exception cref="ArgumentException">There is no level 0.5.</exception>
    public QuantileLstm(int covariates, int hidden, ReadOnlySpan<float> levels, ulong seed)
    {
        _levels = levels.ToArray();
        _median = Array.IndexOf(_levels, 0.5f);
        if (_median < 0) throw new ArgumentException("The median must be among the levels: it is what is fed back.", nameof(levels));
        var random = new SeededNoise(seed);
        Cell = new LstmLayer(Parameters, 1 + covariates, hidden, random);
        Head = new DenseLayer(Parameters, hidden, levels.Length, random);
    }

    /// <summary>All weights: the recurrent layer's, its bias, the head's, its bias.</summary>
    public ParameterSet Parameters { get; } = new();

    public LstmLayer Cell { get; }

    public DenseLayer Head { get; }

    /// <summary>Length of an input: the value, then the covariates.</summary>
    public int Inputs => Cell.Inputs;

    public ReadOnlySpan<float> Levels => _levels;

    /// <summary>Moves a series on by one observation.</summary>
    /// <param name="value">The observation, scaled; what is not finite counts as 0.</param>
    /// <param name="covariates">Of the step after it, <c>[covariates]</c>.</param>
    /// <param name="state">The series' state; replaced.</param>
    public void Observe(float value, ReadOnlySpan<float> covariates, LstmState state)
    {
        Span<float> scratch = stackalloc float[Cell.Inputs + 5 * Cell.Hidden];
        Span<float> input = stackalloc float[Inputs];
        Fill(input, value, covariates);
        Cell.Step(input, state.Output, state.Cell, scratch);
    }

    /// <summary>Quantiles of the steps after the last observation; the state stays.</summary>
    /// <param name="state">The series' state.</param>
    /// <param name="covariates">Row-major <c>[steps − 1, covariates]</c>: those of the second step and later; the first step's were given with the last observation.</param>
    /// <param name="steps">Number of steps.</param>
    /// <param name="quantiles">Row-major <c>[steps, levels]</c>, scaled, filled; ascending within a row.</param>
    public void Forecast(LstmState state, ReadOnlySpan<float> covariates, int steps, Span<float> quantiles)
    {
        var (hidden, known) = (Cell.Hidden, Inputs - 1);
        Span<float> scratch = stackalloc float[Inputs + 5 * hidden];
        Span<float> carried = stackalloc float[2 * hidden];
        Span<float> input = stackalloc float[Inputs];
        var output = carried[..hidden];
        var cell = carried[hidden..];
        state.Output.CopyTo(output);
        state.Cell.CopyTo(cell);
        for (var step = 0; step < steps; step++)
        {
            var row = quantiles.Slice(step * _levels.Length, _levels.Length);
            Head.Forward(output, row, 1);
            Sort(row);
            if (step + 1 == steps) return;
            Fill(input, row[_median], covariates.Slice(step * known, known));
            Cell.Step(input, output, cell, scratch);
        }
    }

    /// <summary>Writes an input.</summary>
    public static void Fill(Span<float> input, float value, ReadOnlySpan<float> covariates)
    {
        input[0] = Believed(value);
        for (var i = 0; i < covariates.Length; i++) input[1 + i] = Believed(covariates[i]);
    }

    private static float Believed(float value) => float.IsFinite(value) ? Math.Clamp(value, -LargestInput, LargestInput) : 0;

    /// <summary>Sorts a few numbers that are nearly sorted.</summary>
    private static void Sort(Span<float> row)
    {
        for (var i = 1; i < row.Length; i++)
        {
            var (value, j) = (row[i], i);
            for (; j > 0 && row[j - 1] > value; j--) row[j] = row[j - 1];
            row[j] = value;
        }
    }
}
