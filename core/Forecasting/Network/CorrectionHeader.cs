using System.Collections.Immutable;

namespace ControlPlane.Core.Forecasting.Network;

/// <summary>Where weights come from.</summary>
/// <param name="Seed">Of the training.</param>
/// <param name="Epochs">Epochs until the best, summed over the networks.</param>
/// <param name="Examples">Examples learnt from.</param>
/// <param name="ValidationLoss">Loss on examples kept aside over that of the ensemble without a network, mean of the networks.</param>
/// <param name="From">Beginning of the oldest trace, UTC.</param>
/// <param name="To">End of the newest trace, UTC.</param>
/// <param name="Traces">Names of the traces.</param>
public sealed record CorrectionHeader(
    ulong Seed, int Epochs, int Examples, double ValidationLoss, DateTimeOffset From, DateTimeOffset To, ImmutableArray<string> Traces)
{
    internal static CorrectionHeader Of(IReadOnlyList<TrainingTrace> traces, NetworkTrainingOptions options, int examples, int epochs, double loss) => new(
        options.Seed, epochs, examples, loss, traces.Min(t => t.Start - t.Step), traces.Max(t => t.Start + t.Step * (t.Values.Length - 1)), [.. traces.Select(t => t.Name)]);
}
