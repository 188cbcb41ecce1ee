using ControlPlane.Core.Forecasting.Network;

namespace ControlPlane.Core.Forecasting.Models;

/// <summary>Trains the network of <see cref="NetworkForecaster"/> on services' own demand: at most 60,000 examples and 12 passes.</summary>
public sealed class NetworkTrainer : IModelTrainer
{
    private const long BytesPerExample = 250;
    private const long BytesOfRuns = 64 << 20;

    private static readonly NetworkTrainingOptions Options = new() { Epochs = 12, Patience = 3, MostExamples = 60_000, RunsPerTrace = 12 };

    /// <inheritdoc/>
    public string Model => "network-ensemble";

    /// <inheritdoc/>
    public long EstimateBytes(TrainingRequest request) => 2 * BytesPerExample * Options.MostExamples + BytesOfRuns;

    /// <inheritdoc/>
    public ModelArtifact Train(TrainingRequest request, IWorkBudget budget)
    {
        TrainingTrace[] traces =
        [
            .. request.Series.Select(s => new TrainingTrace(s.Name, s.Name, s.FirstTime, request.Step, s.Values.Select(v => v ?? double.NaN).ToArray())),
        ];
        try
        {
            var weights = NetworkTraining.Train(traces, Options, new Checked(budget), budget.Cancellation);
            return new ModelArtifact
            {
                Id = request.Id,
                Training = request.Window,
                Scores = [new("lossToLastValue", weights.Header.ValidationLoss), new("examples", weights.Header.Examples), new("epochs", weights.Header.Epochs)],
                Payload = [.. weights.Save()],
            };
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException(e.Message, e);
        }
    }

    /// <summary>Asks the budget after every epoch.</summary>
    private sealed class Checked(IWorkBudget budget) : IProgress<NetworkEpoch>
    {
        public void Report(NetworkEpoch value) => budget.Check();
    }
}
