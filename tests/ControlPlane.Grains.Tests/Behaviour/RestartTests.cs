using ControlPlane.Core.Policies;
using ControlPlane.GrainInterfaces;

namespace ControlPlane.Grains.Tests.Behaviour;

/// <summary>Everything stops and starts again from storage.</summary>
public sealed class RestartTests
{
    private const int Crash = 40;

    [Fact]
    public void Restart_FromStorage_KeepsRegistrationsAndGoesOnInAHigherEpoch()
    {
        var scene = Scene.Of(Scene.Reactive, 60);
        var epoch = 0L;
        scene.Run(20, async (context, step) =>
        {
            if (step is 5 or 12)
            {
                var before = (await scene.Latest(context)).Epoch;
                Assert.True(before > epoch);
                epoch = before;
                await context.CrashAndRestartAsync();
                Assert.Equal(scene.Service.Id, Assert.Single(await context.GrainFactory.ListWorkloads("")));
                Assert.True(await scene.ServiceOf(context).EnsureActive());
                Assert.Equal(1, (await scene.PolicyOf(context).Get())!.Version);
            }
            if (step is not (7 or 14)) return;
            var decision = await scene.Latest(context);
            Assert.True(decision.Epoch > epoch);
            Assert.True(context.TimeProvider.GetUtcNow() - decision.Time < PolicyDocument.DefaultStep);
        });
    }

    [Fact]
    public void Restart_LoadGone_KeepsReplicasForAWholeWindow()
    {
        var window = Scene.Reactive.Behavior.ScaleDown.StabilizationWindow;
        var scene = Scene.Of(Scene.Reactive, 300, 40, Crash - 20);
        var restarted = default(DateTimeOffset);
        var before = 0;
        scene.Run(Crash + 60, async (context, step) =>
        {
            if (step == Crash - 1)
            {
                before = scene.Simulated.Replicas;
                await context.CrashAndRestartAsync();
                restarted = context.TimeProvider.GetUtcNow();
                Assert.True(await scene.ServiceOf(context).EnsureActive());
            }
        });

        // Without the crash the window would have let replicas go five steps after it.
        Assert.True(before >= 6, $"only {before} replicas");
        var downs = scene.ScaleWrites.Where(w => w.ToReplicas < w.FromReplicas).ToList();
        Assert.NotEmpty(downs);

        // The first step after it is the one that ended last before it.
        var first = restarted - TimeSpan.FromTicks(restarted.Ticks % PolicyDocument.DefaultStep.Ticks);
        Assert.True(downs[0].Time - first >= window, $"scaled down {downs[0].Time - first} after the first step that the restarted service closed");
    }
}
