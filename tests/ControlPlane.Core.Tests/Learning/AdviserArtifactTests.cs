using ControlPlane.Core.Forecasting.Models;
using ControlPlane.Core.Forecasting.Neural;
using ControlPlane.Core.Learning;
using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling;
using static ControlPlane.Core.Tests.Scaling.Steps;

namespace ControlPlane.Core.Tests.Learning;

public sealed class AdviserArtifactTests
{
    private static readonly LearningOptions Options = new() { Passes = 2, Updates = 40, Batch = 16, Networks = 2 };
    private static readonly PolicyDocument Shadow = Policy with { Adviser = AdviserMode.Shadow };

    [Theory]
    [InlineData(AdviserKinds.Table)]
    [InlineData(AdviserKinds.Dqn)]
    public void Load_SavedAdviser_SaysTheSame(string kind)
    {
        var adviser = Adviser(kind).With(isReleased: true);
        var loaded = AdviserModel.Load(adviser.ToArtifact(null, [new("savedShare", 0.01)]).Save());
        Assert.Equal((adviser.Id, true), (loaded.Id, loaded.IsReleased));
        var (state, moves) = (DecisionState.Empty, new HashSet<AdviserMove>());
        for (var number = 1; number <= 300; number++)
        {
            var observation = Observe(number, 12, 900 + 400 * Math.Sin(number / 20.0));
            var input = Input(observation, Foresee(observation, observation.Demand!.Value, 60), Shadow, number);
            var advice = adviser.Advise(state, input);
            Assert.Equal(advice, loaded.Advise(state, input));
            moves.Add(advice.Move);
            state = DecisionPipeline.Decide(state, input with { Advice = advice }).State;
        }

        Assert.True(moves.Count > 1, "the adviser never moves anything");
    }

    [Theory]
    [InlineData(AdviserKinds.Table)]
    [InlineData(AdviserKinds.Dqn)]
    public void Load_DamagedBytes_AreRefused(string kind)
    {
        var bytes = Adviser(kind).ToArtifact(null, []).Save();
        for (var at = 0; at < bytes.Length; at += bytes.Length / 40)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[at] ^= 0x40;
            Assert.Throws<InvalidDataException>(() => AdviserModel.Load(damaged));
        }

        Assert.Throws<InvalidDataException>(() => AdviserModel.Load(bytes.AsSpan(0, bytes.Length - 1)));
        Assert.Throws<InvalidDataException>(() => AdviserModel.Load([]));
    }

    [Fact]
    public void Of_ForeignArtifacts_AreRefusedWithWhatIsWrong()
    {
        var good = Adviser(AdviserKinds.Table).ToArtifact(null, []);
        AssertRefused(good with { Id = ModelId.Of("network-ensemble", "1.0.0") }, "the model 'network-ensemble', not of an adviser");
        AssertRefused(good with { Id = ModelId.Of(AdviserKinds.Dqn, "1.0.0") }, "damaged");
        AssertRefused(good with { Parameters = good.Parameters.RemoveAt(0) }, "lacks the parameter 'features'");
        AssertRefused(good with { Parameters = good.Parameters.SetItem(0, new("features", 3)) }, "has 3 features");
        AssertRefused(good with { Payload = good.Payload[..^1] }, "damaged");
    }

    [Fact]
    public void Learn_SameSeed_GivesTheSameBytes()
    {
        foreach (var kind in (string[])[AdviserKinds.Table, AdviserKinds.Dqn])
            Assert.Equal(Adviser(kind).ToArtifact(null, []).Save(), Adviser(kind).ToArtifact(null, []).Save());
    }

    [Fact]
    public void Learn_NothingSeen_IsRefused()
    {
        var empty = new Experience(AdviserFeatures.Names.Length);
        Assert.Throws<ArgumentException>(() => AdviserTraining.Learn(ModelId.Of(AdviserKinds.Table, "1.0.0"), empty, Options));
    }

    private static void AssertRefused(ModelArtifact artifact, string message) =>
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => AdviserModel.Of(artifact)).Message, StringComparison.Ordinal);

    /// <summary>An adviser that was taught that some move is worth more than none, and which one depends on the state.</summary>
    private static AdviserModel Adviser(string kind)
    {
        var random = new SeededNoise(4);
        var experience = new Experience(AdviserFeatures.Names.Length);
        var state = new float[experience.Features];
        for (var i = 0; i < 60_000; i++)
        {
            for (var f = 0; f < state.Length; f++) state[f] = (float)random.NextNormal();
            var move = random.NextInt(AdviserMove.All.Length);
            experience.Add(state, move, move == (state[AdviserFeatures.Cover] > 0.3f ? 2 : 4) ? 2 : 0, []);
        }

        return AdviserTraining.Learn(ModelId.Of(kind, "1.2.3"), experience, Options with { Caution = 0 });
    }
}
