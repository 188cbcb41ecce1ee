using ControlPlane.Core.Forecasting.Network;

namespace ControlPlane.Cli.Training;

/// <summary>Turns epochs of trainings into the share that is done.</summary>
internal static class NetworkProgress
{
    /// <param name="options">How each network is trained.</param>
    /// <param name="trainings">How many trainings follow each other.</param>
    /// <param name="progress">Told the share, 0 to 1.</param>
    public static IProgress<NetworkEpoch> Of(NetworkTrainingOptions options, int trainings, IProgress<double>? progress) => new Counter(options, trainings, progress);

    private sealed class Counter(NetworkTrainingOptions options, int trainings, IProgress<double>? progress) : IProgress<NetworkEpoch>
    {
        private int _done;

        public void Report(NetworkEpoch value) => progress?.Report((double)Interlocked.Increment(ref _done) / (trainings * options.Networks * options.Epochs));
    }
}
