using ControlPlane.Core.Forecasting.Models;

namespace ControlPlane.Core.Tests.Forecasting.Models;

public sealed class HoltWintersTrainerTests
{
    private static readonly HoltWintersTrainer Trainer = new();
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Train_NoisyLevel_ChoosesASlowLevelAndSaysWhatItGains()
    {
        var artifact = Trainer.Train(Request(Noisy(600)), new Budget());

        Assert.Equal(Request(Noisy(600)).Id, artifact.Id);
        Assert.Equal(TimeSpan.FromMinutes(20).TotalSeconds, artifact.Parameter("levelSeconds"));
        Assert.InRange(artifact.Scores.First(s => s.Name == "lossToDefault").Value, 0.5, 0.97);
        Assert.Equal((Start, Start + 599 * TimeSpan.FromMinutes(5)), (artifact.Training!.From + TimeSpan.FromMinutes(5), artifact.Training.To));
        Assert.Equal(artifact.Save(), ModelArtifact.Load(artifact.Save(), Trainer.Model).Save());
        Assert.Equal(artifact.Id, ForecasterCatalog.OfProgram().Create(artifact.Id, artifact, TimeSpan.FromSeconds(15)).Id);
    }

    [Fact]
    public void Train_Twice_GivesTheSameBytes() =>
        Assert.Equal(Trainer.Train(Request(Noisy(200)), new Budget()).Save(), Trainer.Train(Request(Noisy(200)), new Budget()).Save());

    [Fact]
    public void Train_NothingToLearnFrom_SaysSo()
    {
        AssertRefused("nothing to train on", []);
        AssertRefused("nothing to train on", Noisy(100));
        AssertRefused("nothing to train on", [.. Noisy(300).Select((v, i) => i % 3 == 0 ? v : null)]);
        AssertRefused("nothing to train on", new double?[300]);
        AssertRefused("demand never varies", [.. Enumerable.Repeat<double?>(0, 300)]);
    }

    [Fact]
    public void Train_Cancelled_StopsSoon()
    {
        var budget = new Budget { Left = 3 };
        Assert.ThrowsAny<OperationCanceledException>(() => Trainer.Train(Request(Noisy(600)), budget));
        Assert.Equal(-1, budget.Left);
    }

    private static void AssertRefused(string part, double?[] values) =>
        Assert.Contains(part, Assert.Throws<InvalidDataException>(() => Trainer.Train(Request(values), new Budget())).Message, StringComparison.Ordinal);

    private static TrainingRequest Request(double?[] values) => new()
    {
        Id = ModelId.Of("holt-winters", "1.0.0"),
        Step = TimeSpan.FromMinutes(5),
        Series = [new TrainingSeries("web", Start, [.. values])],
    };

    private static double?[] Noisy(int count)
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, count).Select(_ => (double?)(100 + 20 * (random.NextDouble() - 0.5)))];
    }
}
