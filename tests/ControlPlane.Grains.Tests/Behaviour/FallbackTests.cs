using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling;
using ControlPlane.Embedded.Virtual;
using ControlPlane.GrainInterfaces;
using ControlPlane.Simulation.Services;

namespace ControlPlane.Grains.Tests.Behaviour;

/// <summary>What happens when the predictor, the metrics or a collector do not answer.</summary>
public sealed class FallbackTests
{
    private static readonly PolicyDocument Predictive = Scene.Reactive with { Predictive = new PredictivePolicy() };

    [Fact]
    public void Decide_PredictorNeverAnswers_FollowsTheReferenceInTheSameStep()
    {
        var scene = Scene.Of(Predictive, 60, 300, 12);
        scene.Run(30, async (context, step) =>
        {
            var decision = await scene.Latest(context);
            var now = context.TimeProvider.GetUtcNow();
            if (step == 9)
            {
                context.Faults.Only = grain => grain.Type.ToString() == "predictor";
                context.Faults[FaultKind.LoseEvent] = 1;
            }
            if (step is >= 10 and <= 20)
            {
                Assert.True(now - decision.Time < PolicyDocument.DefaultStep, $"step {step} was not decided");
                Assert.Null(decision.Model);
                Assert.NotEqual(decision.Time, (await scene.Record(context)).Input.Forecast?.IssuedAt);
            }
            if (step == 20) context.Faults.Stop();
            if (step >= 22) Assert.Equal(decision.Time, (await scene.Record(context)).Input.Forecast?.IssuedAt);
        });

        Assert.Contains(scene.ScaleWrites, w => w.ToReplicas > w.FromReplicas);
    }

    [Fact]
    public void Decide_PredictorKilledEveryStep_DecidesEveryStep()
    {
        var scene = Scene.Of(Predictive, 60, 300, 8);
        scene.Run(20, async (context, step) =>
        {
            var decision = await scene.Latest(context);
            Assert.True(context.TimeProvider.GetUtcNow() - decision.Time < PolicyDocument.DefaultStep, $"step {step} was not decided");
            context.Kill(context.GrainFactory.GetGrain<IPredictorGrain>(scene.Key));
        });

        Assert.Contains(scene.ScaleWrites, w => w.ToReplicas > w.FromReplicas);
    }

    [Fact]
    public void Decide_MetricsSilent_NamesThemAndNeverScalesDown()
    {
        var scene = Scene.Of(Scene.Reactive, 300, 40, 40);
        var silent = false;
        scene.Run(90, async (context, step) =>
        {
            if (step == 39) Silence(scene, context, 40);
            var observation = (await scene.ServiceOf(context).GetSnapshot()).Observation!;
            Assert.True(context.TimeProvider.GetUtcNow() - observation.Time < PolicyDocument.DefaultStep, "silence is published too");
            if (step is > 42 and < 78)
            {
                silent = true;
                Assert.Contains("demand", observation.MissingSignals);
                Assert.Contains("cpu", observation.MissingSignals);
                Assert.Null(observation.Demand);
                Assert.Equal(ReasonCode.SignalsMissing, (await scene.Latest(context)).Reason);
            }
            if (step < 80) Assert.DoesNotContain(scene.ScaleWrites, w => w.ToReplicas < w.FromReplicas);
        });

        Assert.True(silent);
    }

    [Fact]
    public void Decide_MetricsBackAfterSilence_ScalesDownAfterTheWindow()
    {
        var scene = Scene.Of(Scene.Reactive, 300, 40, 40);
        scene.Run(120, (context, step) =>
        {
            if (step == 39) Silence(scene, context, 10);
            return Task.CompletedTask;
        });

        Assert.Contains(scene.ScaleWrites, w => w.ToReplicas < w.FromReplicas);
    }

    private static void Silence(Scene scene, VirtualContext context, int steps) => scene.Simulated.Inject(new ServiceFault
    {
        Kind = ServiceFaultKind.ScrapeLoss,
        Time = context.TimeProvider.GetUtcNow(),
        Duration = steps * PolicyDocument.DefaultStep,
    });
}
