using System.Buffers;
using ControlPlane.Core.Forecasting.Neural;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Anomalies.Signals;

/// <summary>
/// An autoencoder over a window of several signals: it learns, step by step, to reproduce ordinary windows through a narrow layer, and
/// what it reproduces badly is unusual: signals that move apart though each alone looks ordinary (Sakurada and Yairi, 2014; Malhotra
/// et al., 2016). Dense: window → 8 tanh units → window; squared error; AdamW, one example a step.
/// </summary>
internal sealed class WindowAutoencoder
{
    private const int Hidden = 8;
    private const int InputsAtMost = 96;
    private const int LongestWindow = 8;
    private const int ShortestWindow = 2;
    private const float LargestInput = 4;
    private const float LongestGradient = 1;
    private const float FirstRate = 3e-3f;
    private const float LastRate = 3e-4f;
    private const double MeanMemory = 5_000;
    private readonly int _signals;
    private readonly int _length;
    private readonly ParameterSet _parameters = new();
    private readonly DenseLayer _encoder;
    private readonly DenseLayer _decoder;
    private readonly AdamW _optimizer;
    private readonly double[] _mean;
    private readonly double[] _spread;
    private readonly float[] _window;
    private readonly float[] _hidden = new float[Hidden];
    private readonly float[] _output;
    private readonly float[] _hiddenGradient = new float[Hidden];
    private int _steps;

    /// <param name="signals">Number of signals.</param>
    /// <param name="seed">Draws the first weights.</param>
    public WindowAutoencoder(int signals, ulong seed = 1)
    {
        _signals = signals;
        _length = Math.Clamp(InputsAtMost / signals, ShortestWindow, LongestWindow);
        var inputs = signals * _length;
        var noise = new SeededNoise(seed);
        _encoder = new DenseLayer(_parameters, inputs, Hidden, noise);
        _decoder = new DenseLayer(_parameters, Hidden, inputs, noise);
        _parameters.Compact();
        _optimizer = new AdamW(_parameters);
        (_mean, _spread) = (new double[signals], new double[signals]);
        (_window, _output) = (new float[inputs], new float[inputs]);
    }

    /// <summary>Whether the window is full and the signals' means have settled.</summary>
    public bool IsReady => _steps > 10 * _length;

    /// <summary>Takes a step in: the oldest step of the window goes.</summary>
    /// <param name="values">Value of every signal; one that is not finite counts as its mean.</param>
    public void Add(ReadOnlySpan<double> values)
    {
        _window.AsSpan(_signals).CopyTo(_window);
        var newest = _window.AsSpan(_window.Length - _signals);
        if (_steps < int.MaxValue) _steps++;
        var share = 1 / Math.Min(_steps, MeanMemory);
        for (var k = 0; k < _signals; k++)
        {
            if (!double.IsFinite(values[k]))
            {
                newest[k] = 0;
                continue;
            }

            // Early on anything is far from the mean; later an anomaly must not move it far.
            var unit = Math.Sqrt(_spread[k]);
            var distance = _steps > LongestWindow ? Math.Clamp(values[k] - _mean[k], -LargestInput * unit, LargestInput * unit) : values[k] - _mean[k];
            _mean[k] += share * distance;
            _spread[k] += share * (distance * distance - _spread[k]);
            newest[k] = unit > 0 ? (float)Math.Clamp((values[k] - _mean[k]) / unit, -LargestInput, LargestInput) : 0;
        }
    }

    /// <summary>Root mean squared error of the window's reproduction.</summary>
    public double Error()
    {
        _encoder.Forward(_window, _hidden, 1);
        for (var h = 0; h < Hidden; h++) _hidden[h] = MathF.Tanh(_hidden[h]);
        _decoder.Forward(_hidden, _output, 1);
        var sum = 0.0;
        for (var i = 0; i < _output.Length; i++)
        {
            _output[i] -= _window[i];
            sum += (double)_output[i] * _output[i];
        }

        return Math.Sqrt(sum / _output.Length);
    }

    /// <summary>Learns the window that <see cref="Error"/> was just asked about.</summary>
    /// <param name="progress">0 at the start of learning, 1 at its end and after: the rate falls.</param>
    public void Learn(double progress)
    {
        var gradients = ArrayPool<float>.Shared.Rent(_parameters.Count);
        _parameters.Lend(gradients);
        _parameters.ClearGradients();
        for (var i = 0; i < _output.Length; i++) _output[i] *= 2f / _output.Length;
        _decoder.Backward(_hidden, _output, _hiddenGradient, 1);
        for (var h = 0; h < Hidden; h++) _hiddenGradient[h] *= 1 - _hidden[h] * _hidden[h];
        _encoder.Backward(_window, _hiddenGradient, [], 1);
        _parameters.ClipGradients(LongestGradient);
        _optimizer.Step(FirstRate + (LastRate - FirstRate) * (float)Math.Clamp(progress, 0, 1));
        _parameters.Lend([]);
        ArrayPool<float>.Shared.Return(gradients);
    }

    /// <summary>Appends the state. The optimizer's moments are left out: after a load they build up anew.</summary>
    public void Save(StateWriter writer)
    {
        writer.Write(_steps);
        writer.Write((ReadOnlySpan<double>)_mean);
        writer.Write((ReadOnlySpan<double>)_spread);
        writer.Write((ReadOnlySpan<float>)_window);
        writer.Write((ReadOnlySpan<float>)_parameters.Values);
    }

    /// <summary>Takes over what <see cref="Save"/> wrote for as many signals.</summary>
    public void Load(ref StateReader reader)
    {
        _steps = reader.ReadInt32();
        if (_steps < 0) throw reader.Flaw("an autoencoder has negative steps");
        reader.Read(_mean);
        reader.Read(_spread);
        reader.Read(_window);
        reader.Read(_parameters.Values);
    }
}
