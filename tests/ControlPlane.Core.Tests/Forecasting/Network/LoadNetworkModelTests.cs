using ControlPlane.Core.Forecasting;
using ControlPlane.Core.Forecasting.Ensemble;
using ControlPlane.Core.Forecasting.Members;
using ControlPlane.Core.Forecasting.Network;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Tests.Forecasting.Network;

public sealed class LoadNetworkModelTests
{
    private const int StateBudget = 1024;
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(1);

    public static TheoryData<string> Loads => new("constant", "zero", "huge", "spikes", "gaps", "ramp");

    [Theory]
    [MemberData(nameof(Loads))]
    public void Predict_LoadOfEveryKind_IsFinite(string kind)
    {
        var (state, model) = (new DemandState(Step), Model());
        Assert.True(double.IsNaN(model.Predict(state, 0, 1, [])));
        for (var t = 0; t < 800; t++)
        {
            if (kind == "gaps" && t % 100 is > 20 and < 90) continue;
            state.Update(1000 + t, Value(kind, t));
            model.Update(state);
            for (var steps = 1; steps <= 64; steps *= 4) Assert.True(double.IsFinite(model.Predict(state, 0, steps, [])));
        }
    }

    [Fact]
    public void Predict_Constant_StaysAtTheLevel()
    {
        var (state, model) = (new DemandState(Step), Model());
        for (var t = 0; t < 500; t++)
        {
            state.Update(1000 + t, 3);
            model.Update(state);
        }

        Assert.Equal(3, model.Predict(state, 0, 30, []), 0.02);
    }

    [Fact]
    public void SaveLoad_Midway_GoesOnBitIdentically()
    {
        var (state, model) = (new DemandState(Step), Model());
        for (var t = 0; t < 700; t++) Feed(state, model, t);
        var writer = new StateWriter("TEST", 1);
        model.Save(writer);
        var bytes = writer.ToBytes();
        Assert.InRange(bytes.Length, 1, StateBudget);
        var reader = new StateReader(bytes, "TEST", 1, "a test");
        var copy = Model();
        copy.Load(ref reader);
        reader.End();
        for (var t = 700; t < 800; t++)
        {
            Feed(state, model, t);
            copy.Update(state);
            Assert.Equal(model.Predict(state, 0, 8, []), copy.Predict(state, 0, 8, []));
        }
    }

    [Fact]
    public void UpdateAndPredict_AfterTheFirst_AllocateNothing()
    {
        var (state, model) = (new DemandState(Step), Model());
        for (var t = 0; t < 10; t++) Feed(state, model, t);
        model.Predict(state, 0, 8, []);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var t = 10; t < 20; t++)
        {
            Feed(state, model, t);
            model.Predict(state, 0, 8, []);
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Default_ShippedWeights_ReadAndImproveOnTheLastValue()
    {
        var weights = LoadNetworkWeights.Default;
        Assert.InRange(weights.Header.ValidationLoss, 0.3, 0.9);
        Assert.NotEmpty(weights.Header.Traces);
        Assert.InRange(weights.Save().Length, 1, 100 * 1024);
        Assert.InRange(NetworkEvaluation.ScoreAlone(TrainingTraces.Wave("made up", 40, 5), weights), 0, 0.9);
    }

    [Fact]
    public void Predict_AsMemberAtLongSteps_SaysTheSameOnTheDemandScale()
    {
        var (history, member) = (new DemandHistory(Step) { Scale = new DemandScale(0.05) }, new LoadNetworkMember(LoadNetworkWeights.Default.Network, Step));
        var (state, model) = (new DemandState(Step), Model());
        Assert.True(double.IsNaN(member.Predict(history, 0, 1, [])));
        for (var t = 0; t < 400; t++)
        {
            Feed(state, model, t);
            history.Update(state.Newest, history.Scale.ToDemand(state.Z));
            var (expected, given) = (history.Scale.ToDemand(model.Predict(state, 0, 8, [])), member.Predict(history, 0, 8, []));
            Assert.Equal(expected, given, 1e-3 * expected);
        }

        var writer = new StateWriter("TEST", 1);
        member.Save(writer);
        var reader = new StateReader(writer.ToBytes(), "TEST", 1, "a test");
        var copy = new LoadNetworkMember(LoadNetworkWeights.Default.Network, Step);
        copy.Load(ref reader);
        Assert.Equal(member.Predict(history, 0, 30, []), copy.Predict(history, 0, 30, []));
    }

    [Theory]
    [InlineData(15)]
    [InlineData(300)]
    public void Forecast_EngineWithTheMember_GivesFiniteAscendingQuantiles(int seconds)
    {
        var (step, network) = (TimeSpan.FromSeconds(seconds), LoadNetworkWeights.Default.Network);
        var engine = new ForecastEngine(step, () => step < MemberSet.CoarseStep
            ? new FineHorizons(step, [.. MemberSet.CreateFine(step), new LoadNetworkModel(network, step)])
            : new CoarseHorizons(step, [.. MemberSet.Create(step), new LoadNetworkMember(network, step)]));
        var trace = TrainingTraces.Wave("one", 30, 4);
        for (var i = 0; i < 760; i++) engine.Update(trace.Start + i * step, trace.Values.Span[i]);
        var rows = new float[8 * 3];
        Assert.Equal(ForecastStatus.Ready, engine.Forecast(8, [0.1f, 0.5f, 0.9f], rows, DateTimeOffset.MinValue, out _));
        for (var i = 0; i < rows.Length; i++)
        {
            Assert.InRange(rows[i], 0, 1000);
            if (i % 3 > 0) Assert.True(rows[i] >= rows[i - 1]);
        }
    }

    private static LoadNetworkModel Model() => new(LoadNetworkWeights.Default.Network, Step);

    private static void Feed(DemandState state, LoadNetworkModel model, int t)
    {
        state.Update(1000 + t, 2 + Math.Sin(t * 0.01) + 0.1 * Math.Sin(t * 1.7));
        model.Update(state);
    }

    private static double Value(string kind, int t) => kind switch
    {
        "constant" => 2,
        "zero" => Math.Log(1e-6),
        "huge" => Math.Log(1e12) * (t % 2),
        "spikes" => t % 97 == 0 ? 20 : 1,
        "ramp" => 0.01 * t,
        _ => Math.Sin(t),
    };
}
