using ControlPlane.Core.Forecasting;
using ControlPlane.Core.Forecasting.Models;
using ControlPlane.Embedded.Virtual;
using ControlPlane.GrainInterfaces;
using ControlPlane.Grains.Prediction;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using static ControlPlane.Grains.Tests.Models.ModelScene;

namespace ControlPlane.Grains.Tests.Models;

/// <summary>Challengers in shadow of the champion of a running service, and what becomes of them.</summary>
public sealed class ChampionTests
{
    private static readonly ModelArtifact Better = ScriptedKind.Version("1.0.0", 1);
    private ModelRegistryState _state = new();

    [Fact]
    public void Challenger_Better_IsPromotedAndSpeaksWithoutAGap()
    {
        var speakers = Run(FirstLook, Better);

        Assert.Equal((Better.Id, ScriptedKind.Own), (_state.Champion, _state.Former));
        Assert.Equal(TrialPurpose.Probation, _state.Trial!.Purpose);
        Assert.Equal(["scripted/0.1.0", "scripted/1.0.0"], speakers.Distinct());
        Assert.Equal([ModelEventKind.Registered, ModelEventKind.TrialStarted, ModelEventKind.Promoted], _state.Audit.TakeLast(3).Select(e => e.Kind));
        Assert.True(_state.Find(Better.Id)!.Loss < _state.Find(ScriptedKind.Own)!.Loss);
    }

    [Fact]
    public void Challenger_Equal_IsNeverPromoted()
    {
        var speakers = Run(28 * BlockSteps, ScriptedKind.Version("1.0.0", 1.3));

        Assert.Equal(["scripted/0.1.0"], speakers.Distinct());
        Assert.Equal((ScriptedKind.Own, null), (_state.Champion, _state.Trial));
        Assert.Contains("no difference shown", _state.Find(Better.Id)!.LastReason, StringComparison.Ordinal);
    }

    [Fact]
    public void Champion_WorseAfterItsPromotion_IsRolledBack()
    {
        var speakers = Run(FirstLook + 12 * BlockSteps, ScriptedKind.Version("1.0.0", 1, later: 2, laterFrom: FirstLook - 2 * BlockSteps));

        Assert.Equal("scripted/0.1.0", speakers[^1]);
        Assert.Equal(["scripted/0.1.0", "scripted/1.0.0"], speakers.Distinct());
        Assert.Equal((ScriptedKind.Own, ModelStatus.RolledBack, null), (_state.Champion, _state.Find(Better.Id)!.Status, _state.Trial));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Shadow_ThrowsOrGivesNoNumber_IsDroppedAndTheChampionGoesOn(double later)
    {
        var speakers = Run(6 * BlockSteps, ScriptedKind.Version("1.0.0", 1, later, laterFrom: 3 * BlockSteps));

        Assert.Equal(["scripted/0.1.0"], speakers.Distinct());
        Assert.Null(_state.Trial);
        Assert.Equal(ModelStatus.Rejected, _state.Find(Better.Id)!.Status);
        Assert.Contains(later == 0 ? "InvalidOperationException: as the script says" : "scripted/1.0.0 gave the forecast NaN", _state.Find(Better.Id)!.LastReason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Champion_ThrowsOrGivesNoNumber_GivesWayAtOnce(double later)
    {
        var speakers = Run(FirstLook + 3 * BlockSteps, ScriptedKind.Version("1.0.0", 1, later, laterFrom: FirstLook), mayMiss: 1);

        Assert.Equal("scripted/0.1.0", speakers[^1]);
        Assert.Equal((ScriptedKind.Own, ModelStatus.RolledBack), (_state.Champion, _state.Find(Better.Id)!.Status));
    }

    [Fact]
    public void Trial_AnswersLostAndReportsRepeated_CountsEveryBlockOnce()
    {
        var lost = 0L;
        Run(FirstLook, Better, async (context, step) =>
        {
            if (step == 10)
            {
                context.Faults.Only = grain => grain.Type.ToString() == "model-registry";
                context.Faults[FaultKind.LoseAnswer] = 0.5;
            }
            if (step != FirstLook - 60) return;
            lost = context.Faults.Count(FaultKind.LoseAnswer);
            context.Faults.Stop();
            await context.AdvanceAsync(TimeSpan.FromMinutes(2));
        }, mayMiss: 0);

        Assert.True(lost > 0);
        Assert.All(_state.Trial!.Blocks, block => Assert.Equal(1, block.Services));
        Assert.InRange(_state.Find(Better.Id)!.Outcomes, 8 * BlockSteps, 3 * FirstLook);
    }

    [Fact]
    public void Trial_EverythingCrashesInBetween_GoesOnFromStorage()
    {
        var before = 0;
        var speakers = Run(FirstLook + 6 * BlockSteps, Better, async (context, step) =>
        {
            if (step != FirstLook - 3 * BlockSteps) return;
            before = (await State(context)).Trial!.Blocks.Length;
            await context.CrashAndRestartAsync();
            Assert.True(await context.GrainFactory.GetGrain<IServiceGrain>(Key).EnsureActive());
            Assert.InRange((await State(context)).Trial!.Blocks.Length, 1, before);
        }, mayMiss: 3);

        Assert.True(before > 3);
        Assert.Equal(Better.Id, _state.Champion);
        Assert.Equal("scripted/1.0.0", speakers[^1]);
    }

    [Fact]
    public void Champion_Trained_SurvivesARestart()
    {
        var speakers = Run(FirstLook + 60, Better, async (context, step) =>
        {
            if (step != FirstLook + 30) return;
            await context.StopAndRestartAsync();
            Assert.True(await context.GrainFactory.GetGrain<IServiceGrain>(Key).EnsureActive());
        }, mayMiss: 3);

        Assert.Equal(["scripted/0.1.0", "scripted/1.0.0"], speakers.Distinct());
        Assert.Equal("scripted/1.0.0", speakers[^1]);
    }

    [Fact]
    public void Promote_ByHand_SwitchesOnceTheNewModelHasLearntTheWindow()
    {
        const int Promoted = 780;
        var scene = new ModelScene();
        var speakers = scene.Run(Promoted + 40, async (context, step) =>
        {
            if (step != Promoted) return;
            var holtWinters = (await State(context)).Versions.First(v => v.Id.Name == "holt-winters").Id;
            Assert.Null((await Registry(context).Promote(holtWinters, "to see")).Refusal);
        });

        var first = speakers.FindIndex(s => s.StartsWith("holt-winters/", StringComparison.Ordinal));
        Assert.InRange(first, Promoted, Promoted + 10);
        Assert.All(speakers[first..], s => Assert.StartsWith("holt-winters/", s, StringComparison.Ordinal));
    }

    [Fact]
    public void Model_WhoseStateIsNotReadable_LearnsTheWindowInsteadOfThreeHours()
    {
        const int Lost = 760;
        var scene = Behaviour.Scene.Of(Behaviour.Scene.Reactive with { Predictive = new Core.Policies.PredictivePolicy() }, 60);
        ForecastStatus? before = null, after = null;
        scene.Run(Lost + 20, async (context, step) =>
        {
            var predictor = context.GrainFactory.GetGrain<IPredictorGrain>(scene.Key);
            if (step == Lost)
            {
                before = (await predictor.GetForecast())!.Status;
                var stored = new GrainState<PredictorState> { State = new PredictorState { Model = [1, 2, 3] } };
                var storage = context.Services.GetRequiredKeyedService<IGrainStorage>(StorageNames.Grains);
                var there = new GrainState<PredictorState>();
                await storage.ReadStateAsync("predictor", predictor.GetGrainId(), there);
                stored.ETag = there.ETag;
                await storage.WriteStateAsync("predictor", predictor.GetGrainId(), stored);
                context.Kill(predictor);
            }
            if (step == Lost + 20) after = (await predictor.GetForecast())!.Status;
        });

        Assert.Equal((ForecastStatus.Ready, ForecastStatus.Ready), (before, after));
    }

    [Fact]
    public void Promote_ByHandWithoutHistory_KeepsTheOldModelUntilTheNewIsReady()
    {
        var scene = new ModelScene();
        var speakers = scene.Run(60, async (context, step) =>
        {
            if (step == 3) Assert.Null((await Registry(context).Promote((await State(context)).Versions.First(v => v.Id.Name == "holt-winters").Id, "to see")).Refusal);
        });

        Assert.Equal(["scripted/0.1.0"], speakers.Distinct());
    }

    [Fact]
    public void Register_DamagedForeignOrUnknown_IsRefusedAndNothingChanges()
    {
        var scene = new ModelScene();
        scene.Run(6, async (context, step) =>
        {
            if (step != 5) return;
            var before = await State(context);
            var bytes = Bytes(Better);
            Assert.Contains("checksum", (await Registry(context).Register(bytes.SetItem(bytes.Length - 1, 1), true)).Refusal, StringComparison.Ordinal);
            Assert.Contains("not the state of a model artifact", (await Registry(context).Register([1, 2, 3], true)).Refusal, StringComparison.Ordinal);
            Assert.Contains("does not run the model 'other'", (await Registry(context).Register(Bytes(Better with { Id = ModelId.Of("other", "1.0.0") }), true)).Refusal, StringComparison.Ordinal);
            Assert.Contains("lacks the parameter", (await Registry(context).Register(Bytes(Better with { Parameters = [] }), true)).Refusal, StringComparison.Ordinal);
            Assert.Equal(before.Revision, (await State(context)).Revision);

            await Register(context, Better);
            Assert.Contains("versions are not used twice", (await Registry(context).Register(bytes, true)).Refusal, StringComparison.Ordinal);
            Assert.Equal(Better.Id, (await State(context)).Trial!.Shadow);
        });
    }

    /// <summary>Registers a challenger at step 2 and keeps the registry's state after the last step.</summary>
    private List<string> Run(int steps, ModelArtifact challenger, Func<VirtualContext, int, Task>? afterStep = null, int mayMiss = 0) =>
        new ModelScene().Run(steps, async (context, step) =>
        {
            if (step == 2) await Register(context, challenger);
            if (afterStep is not null) await afterStep(context, step);
            if (step == steps) _state = await State(context);
        }, mayMiss);
}
