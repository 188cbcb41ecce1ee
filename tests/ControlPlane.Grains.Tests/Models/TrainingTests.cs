using ControlPlane.Core.Forecasting.Models;
using ControlPlane.Embedded.Virtual;
using ControlPlane.GrainInterfaces;
using Microsoft.Extensions.DependencyInjection;
using static ControlPlane.Grains.Tests.Models.ModelScene;

namespace ControlPlane.Grains.Tests.Models;

/// <summary>Trainings end well or badly; forecasts go on.</summary>
public sealed class TrainingTests
{
    private const int Started = 5;

    [Fact]
    public void Start_ATrainerThatWorks_MakesAChallenger()
    {
        var (status, state) = Run((request, _) => ScriptedKind.Version(request.Id.Version, 1));

        Assert.Equal((TrainingState.Succeeded, "scripted/1.0.0"), (status.State, status.Model!.ToString()));
        Assert.Equal(status.Model, state.Trial!.Shadow);
    }

    [Fact]
    public void Start_ATrainerThatThrows_ChangesNothing()
    {
        var (status, state) = Run((_, _) => throw new InvalidDataException("no gradient"));

        Assert.Equal(TrainingState.Failed, status.State);
        Assert.Contains("InvalidDataException: no gradient", status.Message, StringComparison.Ordinal);
        AssertUnchanged(state);
    }

    [Fact]
    public void Start_ATrainerThatGivesRubbish_ChangesNothing()
    {
        var (status, state) = Run((request, _) => new ModelArtifact { Id = request.Id, Scores = [new("loss", double.NaN)] });
        Assert.Equal((TrainingState.Failed, "the trainer's artifact is not valid"), (status.State, status.Message));
        AssertUnchanged(state);

        (status, state) = Run((request, _) => new ModelArtifact { Id = request.Id });
        Assert.Equal(TrainingState.Failed, status.State);
        Assert.Contains("lacks the parameter", status.Message, StringComparison.Ordinal);
        AssertUnchanged(state);
    }

    [Fact]
    public void Start_ATrainingTooLarge_IsRefusedBeforeItBegins()
    {
        var (status, state) = Run((_, _) => throw new InvalidOperationException("was begun"), estimate: 1L << 40);

        Assert.Equal(TrainingState.Failed, status.State);
        Assert.Contains("would need 1099511627776 bytes", status.Message, StringComparison.Ordinal);
        AssertUnchanged(state);
    }

    [Fact]
    public void Cancel_BeforeItRuns_ChangesNothing()
    {
        var (status, state) = Run((_, _) => throw new InvalidOperationException("was begun"), async (context, step) =>
        {
            if (step == Started) Assert.Equal(TrainingState.Running, (await Trainer(context).Cancel()).State);
        });

        Assert.Equal(TrainingState.Cancelled, status.State);
        AssertUnchanged(state);
    }

    [Fact]
    public void Crash_WhileItRuns_ForgetsItAndANewOneCanStart()
    {
        var (status, state) = Run((request, _) => ScriptedKind.Version(request.Id.Version, 1), async (context, step) =>
        {
            if (step == Started)
            {
                await context.CrashAndRestartAsync();
                Assert.True(await context.GrainFactory.GetGrain<IServiceGrain>(Key).EnsureActive());
            }
            if (step != Started + 2) return;
            Assert.Equal(TrainingState.Idle, (await Trainer(context).GetStatus()).State);
            Assert.Equal(TrainingState.Running, (await Trainer(context).Start([])).State);
        }, mayMiss: 2);

        Assert.Equal((TrainingState.Succeeded, status.Model), (status.State, state.Trial!.Shadow));
    }

    [Fact]
    public void Start_OfAModelWithoutATrainer_IsRefused()
    {
        new ModelScene().Run(Started, async (context, step) =>
        {
            if (step == Started) Assert.Contains("no trainer", (await Trainer(context).Start([])).Message, StringComparison.Ordinal);
        });
    }

    private static IModelTrainerGrain Trainer(VirtualContext context) => context.GrainFactory.GetGrain<IModelTrainerGrain>("scripted");

    private static void AssertUnchanged(ModelRegistryState state) =>
        Assert.Equal((ScriptedKind.Own, null, true), (state.Champion, state.Trial, state.Queue.IsEmpty));

    private static (TrainingStatus Status, ModelRegistryState State) Run(
        Func<TrainingRequest, IWorkBudget, ModelArtifact> train, Func<VirtualContext, int, Task>? afterStep = null, int mayMiss = 0, long estimate = 1000)
    {
        var (status, state) = (new TrainingStatus { State = TrainingState.Idle }, new ModelRegistryState());
        new ModelScene(services => services.AddSingleton<IModelTrainer>(new ScriptedTrainer(train, estimate))).Run(20, async (context, step) =>
        {
            if (step == Started) await Trainer(context).Start([]);
            if (afterStep is not null) await afterStep(context, step);
            if (step == 20) (status, state) = (await Trainer(context).GetStatus(), await State(context));
        }, mayMiss);
        return (status, state);
    }

    private sealed class ScriptedTrainer(Func<TrainingRequest, IWorkBudget, ModelArtifact> train, long estimate) : IModelTrainer
    {
        public string Model => "scripted";

        public long EstimateBytes(TrainingRequest request) => estimate;

        public ModelArtifact Train(TrainingRequest request, IWorkBudget budget) => train(request, budget);
    }
}
