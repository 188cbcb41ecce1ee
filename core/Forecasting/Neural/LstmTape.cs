namespace ControlPlane.Core.Forecasting.Neural;

/// <summary>What a run of an <see cref="LstmLayer"/> leaves for its gradient; made once and used again.</summary>
internal sealed class LstmTape
{
    private readonly int _rows;
    private readonly int _width;
    private readonly int _hidden;
    private readonly float[] _joined;
    private readonly float[] _gates;
    private readonly float[] _cells;
    private readonly float[] _squashed;
    private readonly float[] _outputs;
    private readonly float[] _outputGradients;
    private readonly float[] _startOutputs;
    private readonly float[] _startCells;

    /// <param name="layer">The layer.</param>
    /// <param name="rows">Largest number of examples.</param>
    /// <param name="steps">Largest number of steps.</param>
    public LstmTape(LstmLayer layer, int rows, int steps)
    {
        (_rows, _width, _hidden) = (rows, layer.Inputs + layer.Hidden, layer.Hidden);
        _joined = new float[steps * rows * _width];
        _gates = new float[steps * rows * 4 * _hidden];
        _cells = new float[steps * rows * _hidden];
        _squashed = new float[_cells.Length];
        _outputs = new float[_cells.Length];
        _outputGradients = new float[_cells.Length];
        _startOutputs = new float[rows * _hidden];
        _startCells = new float[rows * _hidden];
        CellGradient = new float[rows * _hidden];
        GateGradient = new float[rows * 4 * _hidden];
        JoinedGradient = new float[rows * _width];
    }

    /// <summary>Outputs before the first step, <c>[rows, hidden]</c>; zero unless the caller carries them over.</summary>
    public Span<float> StartOutput => _startOutputs;

    /// <summary>Cells before the first step, <c>[rows, hidden]</c>; zero unless the caller carries them over.</summary>
    public Span<float> StartCell => _startCells;

    public float[] CellGradient { get; }

    public float[] GateGradient { get; }

    public float[] JoinedGradient { get; }

    /// <summary>Where the input of a step and example goes, <c>[inputs]</c> at the front of the row.</summary>
    public Span<float> Input(int step, int row) => Joined(step).Slice(row * _width, _width - _hidden);

    /// <summary>Inputs and previous outputs of a step, <c>[rows, inputs + hidden]</c>.</summary>
    public Span<float> Joined(int step) => _joined.AsSpan(step * _rows * _width, _rows * _width);

    /// <summary>Gates after activation, <c>[rows, 4·hidden]</c>.</summary>
    public Span<float> Gates(int step) => _gates.AsSpan(step * _rows * 4 * _hidden, _rows * 4 * _hidden);

    public Span<float> Cell(int step) => _cells.AsSpan(step * _rows * _hidden, _rows * _hidden);

    /// <summary>tanh of the cells.</summary>
    public Span<float> Squashed(int step) => _squashed.AsSpan(step * _rows * _hidden, _rows * _hidden);

    /// <summary>Outputs of a step, <c>[rows, hidden]</c>.</summary>
    public Span<float> Output(int step) => _outputs.AsSpan(step * _rows * _hidden, _rows * _hidden);

    /// <summary>Outputs of the first steps, <c>[steps, rows, hidden]</c>.</summary>
    public Span<float> Outputs(int steps) => _outputs.AsSpan(0, steps * _rows * _hidden);

    /// <summary>Gradient of the loss by the outputs of the first steps, <c>[steps, rows, hidden]</c>.</summary>
    public Span<float> OutputGradients(int steps) => _outputGradients.AsSpan(0, steps * _rows * _hidden);

    /// <summary>Gradient of the loss by the outputs of a step.</summary>
    public Span<float> OutputGradient(int step) => _outputGradients.AsSpan(step * _rows * _hidden, _rows * _hidden);

    /// <summary>Sets all output gradients to 0.</summary>
    public void ClearGradients() => Array.Clear(_outputGradients);
}
