using ControlPlane.Core.Forecasting.Network;

namespace ControlPlane.Core.Forecasting.Models;

/// <summary>Trains the networks of <see cref="NetworkForecaster"/> on services' own demand: at most 100,000 examples and 8 passes.</summary>
public sealed class NetworkTrainer : IModelTrainer
{
    private const long BytesPerExample = 500;
    private const long BytesOfRuns = 64 << 20;

    private static readonly NetworkTrainingOptions Options = new() { Networks = 2, Epochs = 8, Patience = 3, MostExamples = 100_000, ValidationShare = 0.15 };

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
                Scores = [new("lossToPlainEnsemble", weights.Header.ValidationLoss), new("examples", weights.Header.Examples), new("epochs", weights.Header.Epochs)],
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
