using ControlPlane.Core.Forecasting.Neural;

namespace ControlPlane.Core.Forecasting.Offline;

/// <summary>
/// A recurrent network for a panel: an LSTM whose step is one season (a day of hours), so that weeks are a few steps and not hundreds. The same
/// cell reads the known seasons and then, without their values, the seasons ahead, whose outputs become quantiles. Each step sees the season's
/// values (0 when ahead), the values one long season before, what the network corrects (0 when known), whether it is known, and the scale.
/// </summary>
internal sealed class PanelLstm : PanelNetwork
{
    private const int Blocks = 3;
    private readonly LstmLayer _cell;
    private readonly DenseLayer _head;
    private readonly int _known;
    private readonly int _ahead;
    private LstmTape? _tape;
    private float[] _delta = [];
    private float[] _answer = [];
    private int _rows;

    public PanelLstm(PanelOptions options)
        : base(options)
    {
        if (options.Horizon % options.Season != 0 || options.LongSeason % options.Season != 0 || options.Lookback % options.Season != 0)
            throw new ArgumentException("Horizon, lookback and long season must be whole seasons.", nameof(options));
        if (options.Lookback <= options.LongSeason || options.Horizon > options.LongSeason)
            throw new ArgumentException("The lookback must exceed the long season, and the horizon must not.", nameof(options));
        (_known, _ahead) = ((options.Lookback - options.LongSeason) / options.Season, options.Horizon / options.Season);
        _cell = new LstmLayer(Parameters, Blocks * options.Season + 2, options.Hidden, Noise);
        _head = new DenseLayer(Parameters, options.Hidden, options.Season * options.Levels.Length, Noise, 0.1f);
    }

    protected override void Forward(PanelBatch batch, int rows, bool isTraining)
    {
        Reserve(batch.Capacity);
        for (var row = 0; row < rows; row++) FillInputs(batch, row);
        _cell.Forward(_tape!, rows, _known + _ahead);
        var width = _head.Outputs;
        for (var step = 0; step < _ahead; step++)
        {
            _head.Forward(_tape!.Output(_known + step), _answer, rows);
            for (var row = 0; row < rows; row++) _answer.AsSpan(row * width, width).CopyTo(batch.Output.AsSpan((row * _ahead + step) * width));
        }
    }

    protected override void Backward(PanelBatch batch, int rows)
    {
        var width = _head.Outputs;
        _tape!.ClearGradients();
        for (var step = 0; step < _ahead; step++)
        {
            for (var row = 0; row < rows; row++) batch.Gradient.AsSpan((row * _ahead + step) * width, width).CopyTo(_delta.AsSpan(row * width));
            _head.Backward(_tape.Output(_known + step), _delta, _tape.OutputGradient(_known + step), rows);
        }

        _cell.Backward(_tape, rows, _known + _ahead);
    }

    private void FillInputs(PanelBatch batch, int row)
    {
        var (season, lookback) = (Options.Season, Options.Lookback);
        var lags = batch.Lags.AsSpan(row * lookback, lookback);
        for (var step = 0; step < _known + _ahead; step++)
        {
            var input = _tape!.Input(step, row);
            input.Clear();
            lags.Slice(step * season, season).CopyTo(input[season..]);
            if (step < _known) lags.Slice(Options.LongSeason + step * season, season).CopyTo(input);
            else batch.Base.AsSpan(row * Options.Horizon + (step - _known) * season, season).CopyTo(input[(2 * season)..]);
            input[Blocks * season] = step < _known ? 1 : 0;
            input[Blocks * season + 1] = MathF.Log(batch.Scale[row]);
        }
    }

    private void Reserve(int rows)
    {
        if (_rows >= rows) return;
        _rows = rows;
        _tape = new LstmTape(_cell, rows, _known + _ahead);
        (_delta, _answer) = (new float[rows * _head.Outputs], new float[rows * _head.Outputs]);
    }
}
