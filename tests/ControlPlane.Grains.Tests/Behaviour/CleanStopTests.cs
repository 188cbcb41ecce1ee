using ControlPlane.Core.Forecasting.LeadTime;
using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling;
using ControlPlane.Embedded.Virtual;
using ControlPlane.GrainInterfaces;
using ControlPlane.Grains.Decisions;
using ControlPlane.Grains.Prediction;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace ControlPlane.Grains.Tests.Behaviour;

/// <summary>A stop in good order loses nothing that was learnt; a crash loses what was learnt since the last checkpoint.</summary>
public sealed class CleanStopTests
{
    private const int Stop = 12;
    private static readonly PolicyDocument Predictive = Scene.Reactive with { Predictive = new PredictivePolicy() };

    [Fact]
    public void Stop_InGoodOrder_StoresTheModelUpToTheLastStep()
    {
        var (stored, newest) = NewestAfter(static context => context.StopAndRestartAsync());
        Assert.NotNull(stored);
        Assert.Equal(newest, stored);
    }

    [Fact]
    public void Stop_ByCrash_LosesWhatCameAfterTheCheckpoint()
    {
        var (stored, newest) = NewestAfter(static context => context.CrashAndRestartAsync());
        Assert.NotEqual(newest, stored);
    }

    [Fact]
    public void Stop_InGoodOrder_KeepsWhatDecisionsLearnt()
    {
        var scene = Scene.Of(Scene.Reactive, 60);
        double? learnt = null;
        scene.Run(Stop + 4, async (context, step) =>
        {
            if (step == Stop)
            {
                var last = await scene.Record(context);
                learnt = CapacityModel.Learn(last.Before.SaturationPerReplica, last.Input.Observation);
                Assert.Null((await Stored<DecisionGrainState>(context, "decision", scene.DecisionOf(context))).Memory.SaturationPerReplica);
                await context.StopAndRestartAsync();
                Assert.True(await scene.ServiceOf(context).EnsureActive());
            }
            if (step != Stop + 2) return;
            var first = (await scene.DecisionOf(context).GetRecords(int.MaxValue))[^1];
            Assert.Equal(1, first.Input.Sequence);
            Assert.Equal(learnt, first.Before.SaturationPerReplica);
        });
        Assert.NotNull(learnt);
    }

    [Fact]
    public void Stop_OfAnIdlePredictor_StoresTheModelUpToItsLastStep()
    {
        const int idleSteps = 80;
        var scene = Scene.Of(Predictive, 60);
        DateTimeOffset? newest = null, stored = null;
        scene.Run(Stop + idleSteps + 1, async (context, step) =>
        {
            if (step == Stop)
            {
                newest = (await scene.Latest(context)).Time;
                context.Faults.Only = grain => grain.Type.ToString() == "predictor";
                context.Faults[FaultKind.LoseEvent] = 1;
            }
            if (step == Stop + idleSteps) stored = await StoredNewest(scene, context);
        });
        Assert.NotNull(newest);
        Assert.Equal(newest, stored);
    }

    [Fact]
    public void Checkpoint_Stored_KeepsNoSecondCopyButRegistersWithTheWindow()
    {
        var scene = Scene.Of(Predictive, 60);
        scene.Run(70, async (context, step) =>
        {
            if (step != 65) return;
            // Registering again writes the whole state, of which the grain itself keeps the window only once.
            await scene.ServiceOf(context).Register((await scene.ServiceOf(context).GetSpec())!);
            var before = await scene.ServiceOf(context).GetDemand(60);
            await context.CrashAndRestartAsync();
            var after = await scene.ServiceOf(context).GetDemand(60);
            Assert.True(before.Length > 50, $"{before.Length} points");
            Assert.Equal(string.Join("\n", before), string.Join("\n", after));
        });
    }

    /// <summary>The newest step that the stored model knows, and the newest that was decided, after an end of the engine.</summary>
    private static (DateTimeOffset? Stored, DateTimeOffset? Newest) NewestAfter(Func<VirtualContext, Task> end)
    {
        var scene = Scene.Of(Predictive, 60);
        DateTimeOffset? newest = null, stored = null;
        scene.Run(Stop + 2, async (context, step) =>
        {
            if (step != Stop) return;
            newest = (await scene.Latest(context)).Time;
            await end(context);
            stored = await StoredNewest(scene, context);
        });
        return (stored, newest);
    }

    private static async Task<DateTimeOffset?> StoredNewest(Scene scene, VirtualContext context)
    {
        var stored = await Stored<PredictorState>(context, "predictor", context.GrainFactory.GetGrain<IPredictorGrain>(scene.Key));
        if (stored.Model.IsDefaultOrEmpty) return null;
        // The model's name and step come before its own state, a checksum after it.
        var bytes = stored.Model.AsSpan();
        return LeadTimeForecaster.Load(bytes[bytes.IndexOf("CPLT"u8)..^sizeof(uint)]).Newest;
    }

    private static async Task<T> Stored<T>(VirtualContext context, string name, IAddressable grain)
    {
        var state = new GrainState<T>();
        await context.Services.GetRequiredKeyedService<IGrainStorage>(StorageNames.Grains).ReadStateAsync(name, grain.GetGrainId(), state);
        return state.State!;
    }
}
