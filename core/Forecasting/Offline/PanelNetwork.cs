using System.Numerics.Tensors;
using ControlPlane.Core.Forecasting.Neural;

namespace ControlPlane.Core.Forecasting.Offline;

/// <summary>
/// One network for all series of a panel. It sees the scaled logarithm of the last weeks and corrects a seasonal mean (or another model's
/// forecast) by a learned linear map plus what the derived class adds, with one output per step ahead and quantile level; trained by weighted
/// pinball loss, Adam and clipped gradients. Deterministic by seed.
/// </summary>
internal abstract class PanelNetwork
{
    private const float LongestGradient = 1;
    private readonly DenseLayer _linear;

    protected PanelNetwork(PanelOptions options)
    {
        if (options.Lookback < Math.Max(options.LongSeason, Math.Max(options.ScaleSteps, options.Horizon)))
            throw new ArgumentException($"Lookback {options.Lookback} is shorter than a season, the horizon or the steps that set the scale.", nameof(options));
        if (options.HeldOutSteps != 0 && options.HeldOutSteps < options.Horizon)
            throw new ArgumentException("The held out steps are fewer than the horizon.", nameof(options));
        Options = options;
        Noise = new SeededNoise(options.Seed);
        _linear = new DenseLayer(Parameters, options.Lookback, options.Horizon, Noise, 0);
    }

    public PanelOptions Options { get; }

    public ParameterSet Parameters { get; } = new();

    protected SeededNoise Noise { get; }

    /// <summary>Trains on the windows of a panel.</summary>
    /// <param name="data">The panel.</param>
    /// <param name="report">Gets epoch, mean loss, and mean loss on the held out steps (NaN without).</param>
    /// <param name="cancellationToken">Ends the training; the weights stay as they are at that moment.</param>
    /// <returns>Number of epochs that ran.</returns>
    public int Train(PanelData data, Action<int, double, double>? report = null, CancellationToken cancellationToken = default)
    {
        Check(data);
        var windows = data.Windows(Options, Options.HeldOutSteps, int.MaxValue);
        if (windows.Length == 0) throw new ArgumentException("No series of the panel is long enough for a window.", nameof(data));
        var heldOut = Options.HeldOutSteps == 0 ? [] : data.Windows(Options, 0, Options.HeldOutSteps - Options.Horizon + 1);
        var batch = new PanelBatch(Options, Math.Min(Options.Batch, windows.Length));
        var (optimiser, best, bestEpoch, kept) = (new AdamW(Parameters, Options.Decay), double.MaxValue, -1, Array.Empty<float>());
        for (var epoch = 0; epoch < Options.Epochs; epoch++)
        {
            var loss = TrainEpoch(data, windows, batch, optimiser, epoch, cancellationToken);
            var check = Measure(data, heldOut, batch);
            report?.Invoke(epoch, loss, check);
            if (heldOut.Length == 0) continue;
            if (check < best) (best, bestEpoch, kept) = (check, epoch, Parameters.Values.ToArray());
            else if (epoch - bestEpoch >= Options.Patience)
            {
                kept.CopyTo(Parameters.Values);
                return epoch + 1;
            }
        }

        kept.CopyTo(Parameters.Values);
        return Options.Epochs;
    }

    /// <summary>The quantiles of the steps after a series.</summary>
    /// <param name="series">Logarithms, at least a lookback of them, finite.</param>
    /// <param name="guide">The other model's forecast, when it was trained with one.</param>
    /// <returns>Logarithms, row-major <c>[horizon, level]</c>, ascending in the level.</returns>
    public float[] Predict(ReadOnlySpan<float> series, ReadOnlySpan<float> guide = default)
    {
        if (series.Length < Options.Lookback) throw new ArgumentException($"The network needs {Options.Lookback} values.", nameof(series));
        if (guide.IsEmpty == Options.IsGuided) throw new ArgumentException("A guide is needed if and only if the network was trained with one.", nameof(guide));
        var batch = new PanelBatch(Options, 1);
        batch.Fill(0, series, series.Length, guide, 1);
        Run(batch, 1, false);
        var result = batch.Output;
        TensorPrimitives.Multiply(result, batch.Scale[0], result);
        TensorPrimitives.Add(result, batch.Centre[0], result);
        for (var h = 0; h < Options.Horizon; h++) result.AsSpan(h * Options.Levels.Length, Options.Levels.Length).Sort();
        return result;
    }

    /// <summary>Mean loss of windows, and its gradient in <see cref="Parameters"/>.</summary>
    internal double Learn(PanelData data, ReadOnlySpan<PanelWindow> windows, PanelBatch batch)
    {
        Fill(data, windows, batch);
        Run(batch, windows.Length, true);
        var loss = batch.Loss(windows.Length);
        Parameters.ClearGradients();
        var levels = Options.Levels.Length;
        for (var i = 0; i < windows.Length * Options.Horizon; i++) batch.Line[i] = TensorPrimitives.Sum<float>(batch.Gradient.AsSpan(i * levels, levels));
        _linear.Backward(batch.Lags, batch.Line, [], windows.Length);
        Backward(batch, windows.Length);
        return loss / windows.Length;
    }

    /// <summary>Writes the network's share of <see cref="PanelBatch.Output"/>.</summary>
    protected abstract void Forward(PanelBatch batch, int rows, bool isTraining);

    /// <summary>Adds to the gradients what follows from <see cref="PanelBatch.Gradient"/>.</summary>
    protected abstract void Backward(PanelBatch batch, int rows);

    private double TrainEpoch(PanelData data, PanelWindow[] windows, PanelBatch batch, AdamW optimiser, int epoch, CancellationToken cancellationToken)
    {
        Noise.Shuffle<PanelWindow>(windows);
        var loss = 0.0;
        for (var start = 0; start < windows.Length; start += batch.Capacity)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var slice = windows.AsSpan(start, Math.Min(batch.Capacity, windows.Length - start));
            loss += Learn(data, slice, batch) * slice.Length;
            if (!float.IsFinite(Parameters.ClipGradients(LongestGradient))) continue;
            optimiser.Step(OneCycle((epoch + (double)start / windows.Length) / Options.Epochs));
        }

        return loss / windows.Length;
    }

    private double Measure(PanelData data, PanelWindow[] windows, PanelBatch batch)
    {
        var loss = 0.0;
        for (var start = 0; start < windows.Length; start += batch.Capacity)
        {
            var slice = windows.AsSpan(start, Math.Min(batch.Capacity, windows.Length - start));
            Fill(data, slice, batch);
            Run(batch, slice.Length, false);
            loss += batch.Loss(slice.Length);
        }

        return loss / windows.Length;
    }

    private static void Fill(PanelData data, ReadOnlySpan<PanelWindow> windows, PanelBatch batch)
    {
        for (var row = 0; row < windows.Length; row++)
        {
            var window = windows[row];
            batch.Fill(row, data.Series[window.Series], window.Origin, data.Guides?[window.Series][window.Origin], data.Weight?.Invoke(window) ?? 1);
        }
    }

    private void Run(PanelBatch batch, int rows, bool isTraining)
    {
        Forward(batch, rows, isTraining);
        _linear.Forward(batch.Lags, batch.Line, rows);
        var levels = Options.Levels.Length;
        for (var i = 0; i < rows * Options.Horizon; i++)
        {
            var shared = batch.Line[i] + batch.Base[i];
            for (var q = 0; q < levels; q++) batch.Output[i * levels + q] += shared;
        }
    }

    private float OneCycle(double share)
    {
        const double Warm = 0.3;
        var (from, to, part) = share < Warm ? (1.0 / 25, 1.0, share / Warm) : (1.0, 1e-4, (share - Warm) / (1 - Warm));
        return (float)(Options.Rate * (to + (from - to) * (1 + Math.Cos(Math.PI * part)) / 2));
    }

    private void Check(PanelData data)
    {
        if ((data.Guides is not null) != Options.IsGuided) throw new ArgumentException("Guides are needed if and only if the options say so.", nameof(data));
        for (var s = 0; s < data.Series.Length; s++)
            if (!TensorPrimitives.IsFiniteAll<float>(data.Series[s])) throw new ArgumentException($"Series {s} has a value that is not finite.", nameof(data));
    }
}
