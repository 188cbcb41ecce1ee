using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling;
using ControlPlane.Embedded.Virtual;
using ControlPlane.Grains.Tests.Support;
using ControlPlane.Simulation.Api;

namespace ControlPlane.Grains.Tests.Behaviour;

/// <summary>To zero replicas and back, through grains, actuator and the simulated cluster. The demand is the deployment's own metric, as an ingress tells it.</summary>
public sealed class ZeroTests
{
    /// <summary>Zero after four minutes without demand.</summary>
    private static readonly PolicyDocument Zero = Scene.Reactive with { ScaleToZero = new ScaleToZeroPolicy { Enabled = true, After = TimeSpan.FromMinutes(4) } };

    [Fact]
    public void NoDemand_Auto_GoesToZeroOnceAndComesBackWithTheFirstDemand()
    {
        var scene = Scene.Of(Zero, 0, 120, 60);
        scene.Run(90, async (context, step) =>
        {
            if (step is > 20 and < 60)
            {
                var decision = await scene.Latest(context);
                Assert.Equal((0, ReasonCode.Idle, ScalingAction.Hold), (scene.Simulated.Replicas, decision.Reason, decision.Action));
                Assert.True((await scene.Record(context)).IsReproducible());
            }

            if (step == 64) Assert.True(scene.Simulated.Replicas >= 2);
        });

        var writes = scene.ScaleWrites.Where(w => w.StatusCode == 200).ToList();
        Assert.Equal([(3, 0), (0, 2)], writes.Take(2).Select(w => (w.FromReplicas!.Value, w.ToReplicas!.Value)));
        Assert.All(writes.Skip(2), w => Assert.True(w.ToReplicas > 1)); // no way back to zero
        Assert.True(scene.Simulated.ReadyReplicas >= 3);
    }

    [Fact]
    public void NoDemand_Recommend_IsSaidAndNotDone()
    {
        var scene = Scene.Of(Zero with { Mode = PolicyMode.Recommend }, 0);
        scene.Run(30, async (context, step) =>
        {
            if (step == 30) Assert.StartsWith("would scale 3 → 0: there has been no demand for", DecisionReason.Sentence(await scene.Latest(context)), StringComparison.Ordinal);
        });

        Assert.Empty(scene.Twin.Cluster.Audit);
    }

    /// <summary>A person switches the service off while the policy recommends; when it acts, that is left alone.</summary>
    [Fact]
    public void ZeroByHand_InRecommend_IsLeftAloneWhenThePolicyActs()
    {
        var scene = Scene.Of(Zero with { Mode = PolicyMode.Recommend }, 0, 200, 50);
        scene.Run(70, async (context, step) =>
        {
            if (step == 30) await ByHand(scene, 0);
            if (step == 40) Assert.Empty((await scene.PolicyOf(context).Put(Zero)).Faults);
            if (step > 42) Assert.Equal((ReasonCode.ScaledToZero, 0), ((await scene.Latest(context)).Reason, scene.Simulated.Replicas));
        });
    }

    /// <summary>Everything crashes when the write to zero is on its way; it landed, and nobody heard of it.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Crash_BetweenDecisionAndOutcome_TheServiceStillComesBack(bool lands)
    {
        var (isHanging, isDown) = (false, false);
        var scene = Scene.Of(Zero, 0, 120, 60, Scene.AroundActuator((real, _) => new HangingActuator(real, decision => isHanging = !isDown && decision.DesiredReplicas == 0)));
        scene.Run(90, async (context, step) =>
        {
            if (isDown || !isHanging) return;
            isDown = true;
            if (lands) await ByHand(scene, 0);
            await context.CrashAndRestartAsync();
            Assert.True(await scene.ServiceOf(context).EnsureActive());
        });

        Assert.True(isDown);
        Assert.True(scene.Simulated.ReadyReplicas >= 3);
        Assert.Contains(scene.ScaleWrites, w => w is { FromReplicas: 0, StatusCode: 200 });
    }

    /// <summary>While the state cannot be stored nothing goes to zero: after a crash nobody would know whose zero it is.</summary>
    [Fact]
    public void StorageFails_NothingGoesToZeroUntilItIsThereAgain()
    {
        var scene = Scene.Of(Zero, 0);
        scene.Run(60, (context, step) =>
        {
            if (step == 5) context.Faults[FaultKind.FailStorageBefore] = 1;
            if (step == 35) context.Faults.Stop();
            if (step is > 5 and <= 35) Assert.Equal(3, scene.Simulated.Replicas);
            return Task.CompletedTask;
        });

        Assert.Equal(0, scene.Simulated.Replicas);
    }

    private static async Task ByHand(Scene scene, int replicas)
    {
        var response = await new SimulatedApi(scene.Twin.Cluster).HandleAsync(new SimRequest
        {
            Method = "PATCH",
            Path = $"/apis/apps/v1/namespaces/shop/deployments/{scene.Service.Name}",
            Body = System.Text.Encoding.UTF8.GetBytes($"{{\"spec\":{{\"replicas\":{replicas}}}}}"),
            ContentType = "application/merge-patch+json",
        });
        Assert.Equal(200, response.StatusCode);
    }
}
