using ControlPlane.Core.Forecasting.Neural;

namespace ControlPlane.Core.Forecasting.Network;

/// <summary>
/// Trains the networks that all workloads share on recorded loads. A function of the traces and the options: equal seeds give equal bits. Bounded in
/// epochs and memory; it works on weights of its own, so that whoever forecasts meanwhile keeps the ones they have.
/// </summary>
public static class NetworkTraining
{
    private const int LeastRows = 256;

    /// <summary>Trains from the beginning.</summary>
    /// <param name="traces">Loads to learn from.</param>
    /// <param name="options">How; null: the defaults.</param>
    /// <param name="progress">Told after every epoch; null: nobody.</param>
    /// <param name="token">Ends it: nothing is returned and nothing was changed.</param>
    /// <returns>The weights of the epoch with the least validation loss.</returns>
    /// <exception cref="ArgumentException">The traces give too few examples to learn from, or a trace's step or an option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static CorrectionWeights Train(
        IReadOnlyList<TrainingTrace> traces, NetworkTrainingOptions? options = null, IProgress<NetworkEpoch>? progress = null, CancellationToken token = default)
    {
        options ??= new NetworkTrainingOptions();
        Check(traces, options);
        var (learn, validate) = TrainingSet.Make(traces, options, token);
        if (learn.Count < LeastRows || validate.Count < LeastRows)
            throw new ArgumentException($"The traces give {learn.Count} examples to learn from and {validate.Count} to validate on; {LeastRows} of each are needed.");
        var (mean, deviation) = learn.Moments();
        foreach (var rows in new[] { learn, validate })
        {
            rows.Standardise(mean, deviation);
            rows.BoundWeights(options.LargestWeight);
        }

        var networks = new CorrectionNetwork[options.Networks];
        var (ratio, epochs) = (0.0, 0);
        for (var i = 0; i < networks.Length; i++)
        {
            networks[i] = new CorrectionNetwork(options.Seed + (ulong)i);
            var fit = Fit(networks[i], i, learn, validate, options, progress, token);
            networks[i].TakeRaw(mean, deviation);
            (ratio, epochs) = (ratio + fit.Ratio / networks.Length, epochs + fit.Epochs);
        }

        return new CorrectionWeights([.. networks], CorrectionHeader.Of(traces, options, learn.Count, epochs, ratio));
    }

    private static void Check(IReadOnlyList<TrainingTrace> traces, NetworkTrainingOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Epochs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Batch, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MostExamples, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Networks, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(options.VariationsPerTrace);
        if (options.Dropout is not (>= 0 and < 1)) throw new ArgumentOutOfRangeException(nameof(options), options.Dropout, "The dropout must lie within [0, 1).");
        foreach (var trace in traces) ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(trace.Step, TimeSpan.Zero);
    }

    private static (double Ratio, int Epochs) Fit(
        CorrectionNetwork network, int number, CorrectionRows learn, CorrectionRows validate, NetworkTrainingOptions options, IProgress<NetworkEpoch>? progress, CancellationToken token)
    {
        var seed = options.Seed + (ulong)number;
        var (trainer, random) = (new CorrectionTrainer(network, options, seed ^ 0xD09), new SeededNoise(seed ^ 0xBA7C));
        var before = trainer.Score(validate);
        var (best, bestEpoch, kept) = (before, 0, network.Parameters.Values.ToArray());
        int[] order = [.. Enumerable.Range(0, learn.Count)];
        var epoch = 0;
        while (epoch < options.Epochs && epoch - bestEpoch < options.Patience)
        {
            random.Shuffle<int>(order);
            var loss = Pass(trainer, learn, order, epoch++, options, token);
            var validated = trainer.Score(validate);
            progress?.Report(new NetworkEpoch(number + 1, epoch, loss, validated));
            if (!(validated < best)) continue;
            (best, bestEpoch) = (validated, epoch);
            network.Parameters.Values.CopyTo(kept);
        }

        kept.CopyTo(network.Parameters.Values);
        return (best / before, bestEpoch);
    }

    /// <summary>One pass over all rows, in order.</summary>
    private static double Pass(CorrectionTrainer trainer, CorrectionRows rows, int[] order, int epoch, NetworkTrainingOptions options, CancellationToken token)
    {
        var (sum, batches) = (0.0, (order.Length + options.Batch - 1) / options.Batch);
        for (var b = 0; b < batches; b++)
        {
            token.ThrowIfCancellationRequested();
            var begin = b * options.Batch;
            var batch = order.AsSpan(begin, Math.Min(options.Batch, order.Length - begin));
            sum += trainer.Step(rows, batch, RateAt(epoch + (double)b / batches, options)) * batch.Length;
        }

        return sum / order.Length;
    }

    private static float RateAt(double epoch, NetworkTrainingOptions options) =>
        epoch < 1 ? (float)(options.Rate * (0.05 + 0.95 * epoch)) : (float)(options.Rate * (0.02 + 0.98 * 0.5 * (1 + Math.Cos(Math.PI * epoch / options.Epochs))));
}
