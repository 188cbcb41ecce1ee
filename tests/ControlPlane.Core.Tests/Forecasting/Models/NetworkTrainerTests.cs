using System.Collections.Immutable;
using ControlPlane.Core.Forecasting;
using ControlPlane.Core.Forecasting.Models;

namespace ControlPlane.Core.Tests.Forecasting.Models;

public sealed class NetworkTrainerTests
{
    private static readonly NetworkTrainer Trainer = new();
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(5);
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Train_DailyWaves_GivesAnArtifactThatRuns()
    {
        var artifact = Trainer.Train(Request(Wave(700)), new Budget());

        Assert.Equal(artifact.Save(), ModelArtifact.Load(artifact.Save(), Trainer.Model).Save());
        Assert.InRange(artifact.Scores.First(s => s.Name == "lossToPlainEnsemble").Value, 0.01, 0.98);
        var model = ForecasterCatalog.OfProgram().Create(artifact.Id, artifact, Step);
        model.Fit(Start, Wave(300));
        Assert.Equal((artifact.Id, ForecastStatus.Ready), (model.Id, model.Status));
    }

    [Fact]
    public void Train_NothingToLearnFrom_SaysSo() =>
        Assert.Contains("examples", Assert.Throws<InvalidDataException>(() => Trainer.Train(Request(new double?[600]), new Budget())).Message, StringComparison.Ordinal);

    [Fact]
    public void Train_BudgetSpent_Stops() =>
        Assert.Throws<OperationCanceledException>(() => Trainer.Train(Request(Wave(700)), new Budget { Left = 1 }));

    [Fact]
    public void Create_PayloadOfNoNetwork_IsRefused()
    {
        var id = ModelId.Of(Trainer.Model, "2.0.0");
        Assert.Throws<InvalidDataException>(() => ForecasterCatalog.OfProgram().Create(id, new ModelArtifact { Id = id, Payload = [1, 2, 3] }, Step));
    }

    private static double?[] Wave(int count) =>
        [.. Enumerable.Range(0, count).Select(t => (double?)(100 + 40 * Math.Sin(2 * Math.PI * t / 288) + 7 * Math.Sin(t * 1.7) + 5 * Math.Sin(t * 0.61)))];

    private static TrainingRequest Request(params double?[][] series) => new()
    {
        Id = ModelId.Of(Trainer.Model, "2.0.0"),
        Step = Step,
        Series = [.. series.Select((values, i) => new TrainingSeries($"s{i}", Start, values.ToImmutableArray()))],
    };
}
