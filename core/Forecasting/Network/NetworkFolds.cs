namespace ControlPlane.Core.Forecasting.Network;

/// <summary>Networks for judging the method: each trace is forecast by networks that have not seen it.</summary>
public static class NetworkFolds
{
    /// <summary>Trains once for each fold, on the traces of the others; several at a time.</summary>
    /// <param name="traces">All traces; the i-th belongs to fold i mod <paramref name="folds"/>.</param>
    /// <param name="folds">Number of folds, at least 2 and at most the number of traces.</param>
    /// <param name="options">How to train; null: the defaults.</param>
    /// <param name="progress">Told after every epoch of every fold, by several threads; null: nobody.</param>
    /// <param name="token">Ends it.</param>
    /// <returns>For each trace the weights that were trained without it.</returns>
    /// <exception cref="ArgumentException">Too many or too few folds, or the others of a fold give too few examples.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static IReadOnlyList<CorrectionWeights> Train(
        IReadOnlyList<TrainingTrace> traces, int folds, NetworkTrainingOptions? options = null, IProgress<NetworkEpoch>? progress = null, CancellationToken token = default)
    {
        if (folds < 2 || folds > traces.Count) throw new ArgumentException($"There are {traces.Count} traces, which cannot make {folds} folds.", nameof(folds));
        var weights = new CorrectionWeights[folds];
        var parallel = new ParallelOptions { CancellationToken = token, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, folds, parallel, fold => weights[fold] = NetworkTraining.Train([.. traces.Where((_, i) => i % folds != fold)], options, progress, token));
        return [.. traces.Select((_, i) => weights[i % folds])];
    }
}
