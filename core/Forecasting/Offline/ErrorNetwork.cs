using ControlPlane.Core.Forecasting.Neural;

namespace ControlPlane.Core.Forecasting.Offline;

/// <summary>A perceptron of one hidden layer that forecasts the next error of a model from its past errors and the place in the season.</summary>
internal sealed class ErrorNetwork
{
    private const int Hidden = 8;
    private const int Epochs = 120;
    private const float Rate = 0.01f;
    private const float Bound = 4;
    private readonly ParameterSet _parameters = new();
    private readonly DenseLayer _first;
    private readonly DenseLayer _second;
    private readonly int[] _lags;
    private readonly int _season;
    private readonly int _start;
    private readonly float[] _errors;
    private readonly double _unit;

    /// <param name="errors">One-step errors, oldest first.</param>
    /// <param name="start">Index of the first to learn, beyond two seasons.</param>
    /// <param name="season">Steps.</param>
    /// <param name="noise">Draws the first weights.</param>
    public ErrorNetwork(double[] errors, int start, int season, SeededNoise noise)
    {
        (_season, _start) = (season, start);
        _lags = [1, 2, 3, season - 1, season, season + 1, 2 * season];
        _first = new DenseLayer(_parameters, _lags.Length + 2, Hidden, noise);
        _second = new DenseLayer(_parameters, Hidden, 1, noise);
        var sizes = Array.ConvertAll(errors[start..], Math.Abs);
        Array.Sort(sizes);
        _unit = Math.Max(1.5 * sizes[sizes.Length / 2], 1e-9);
        _errors = Array.ConvertAll(errors, e => Math.Clamp((float)(e / _unit), -Bound, Bound));
    }

    /// <summary>How much of the network's answer helped on the errors that it did not learn from, in [0, 1].</summary>
    public double Share { get; private set; }

    /// <summary>Learns all but the newest errors, keeps the weights that were best on those.</summary>
    public void Train(int heldOut)
    {
        var rows = _errors.Length - _start;
        var (x, hidden, y) = (new float[rows * _first.Inputs], new float[rows * Hidden], new float[rows]);
        for (var r = 0; r < rows; r++) Fill(_errors, _start + r, x.AsSpan(r * _first.Inputs));
        var (slopes, deltas, learned) = (new float[rows], new float[rows * Hidden], rows - heldOut);
        var optimiser = new AdamW(_parameters, 0.05f);
        var (best, kept) = (0.0, Array.Empty<float>());
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            Run(x, hidden, y, rows);
            var share = HelpfulShare(y, learned, out var gain);
            if (gain > best) (best, Share, kept) = (gain, share, _parameters.Values.ToArray());
            for (var r = 0; r < learned; r++) slopes[r] = Math.Clamp(y[r] - _errors[_start + r], -1, 1) / learned;
            _parameters.ClearGradients();
            _second.Backward(hidden, slopes, deltas, learned);
            for (var i = 0; i < learned * Hidden; i++) deltas[i] *= 1 - hidden[i] * hidden[i];
            _first.Backward(x, deltas, [], learned);
            optimiser.Step(Rate);
        }

        kept.CopyTo(_parameters.Values);
    }

    /// <summary>The errors to expect after the last.</summary>
    public void Continue(Span<double> ahead)
    {
        if (Share <= 0) return;
        var errors = new float[_errors.Length + ahead.Length];
        _errors.CopyTo(errors, 0);
        var (x, hidden, y) = (new float[_first.Inputs], new float[Hidden], new float[1]);
        for (var h = 0; h < ahead.Length; h++)
        {
            Fill(errors, _errors.Length + h, x);
            Run(x, hidden, y, 1);
            errors[_errors.Length + h] = (float)Share * y[0];
            ahead[h] = Share * y[0] * _unit;
        }
    }

    private void Fill(float[] errors, int t, Span<float> x)
    {
        for (var l = 0; l < _lags.Length; l++) x[l] = errors[t - _lags[l]];
        var (sine, cosine) = MathF.SinCos(2 * MathF.PI * (t % _season) / _season);
        (x[_lags.Length], x[_lags.Length + 1]) = (sine, cosine);
    }

    private void Run(float[] x, float[] hidden, float[] y, int rows)
    {
        _first.Forward(x, hidden, rows);
        for (var i = 0; i < rows * Hidden; i++) hidden[i] = MathF.Tanh(hidden[i]);
        _second.Forward(hidden, y, rows);
    }

    /// <summary>The factor on the answers that leaves the least squares on the held out errors.</summary>
    private double HelpfulShare(float[] y, int learned, out double gain)
    {
        var (product, squares) = (0.0, 1e-9);
        for (var r = learned; r < y.Length; r++)
        {
            product += y[r] * _errors[_start + r];
            squares += y[r] * y[r];
        }

        var share = Math.Clamp(product / squares, 0, 1);
        gain = 2 * share * product - share * share * squares;
        return share;
    }
}
