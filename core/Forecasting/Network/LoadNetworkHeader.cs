using System.Collections.Immutable;

namespace ControlPlane.Core.Forecasting.Network;

/// <summary>Where weights come from.</summary>
/// <param name="Seed">Of the training.</param>
/// <param name="Epochs">Epochs until the best.</param>
/// <param name="Examples">Examples learnt from.</param>
/// <param name="ValidationLoss">Least loss on examples kept aside, 1 for the last value.</param>
/// <param name="From">Beginning of the oldest trace, UTC.</param>
/// <param name="To">End of the newest trace, UTC.</param>
/// <param name="Traces">Names of the traces.</param>
public sealed record LoadNetworkHeader(
    ulong Seed, int Epochs, int Examples, double ValidationLoss, DateTimeOffset From, DateTimeOffset To, ImmutableArray<string> Traces)
{
    internal static LoadNetworkHeader Of(IReadOnlyList<TrainingTrace> traces, NetworkTrainingOptions options, int examples, int epochs, double loss) => new(
        options.Seed, epochs, examples, loss, traces.Min(t => t.Start - t.Step), traces.Max(t => t.Start + t.Step * (t.Values.Length - 1)), [.. traces.Select(t => t.Name)]);
}
