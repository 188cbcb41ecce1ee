using System.Text;
using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling;
using ControlPlane.GrainInterfaces;
using ControlPlane.Grains.Tests.Support;
using ControlPlane.Simulation.Api;

namespace ControlPlane.Grains.Tests.Behaviour;

/// <summary>From decisions to writes, and what keeps them from it.</summary>
public sealed class ActuationTests
{
    [Fact]
    public void Crash_WhileAWriteIsOnItsWay_ReportsFailedAndNeverTriesAgain()
    {
        var actuator = new ScriptedActuator { Hangs = true };
        var scene = Scene.Of(Scene.Reactive, 300, configure: ScriptedActuator.Instead(actuator));
        string? open = null;
        scene.Run(16, async (context, step) =>
        {
            if (step == 6)
            {
                open = Assert.Single(actuator.Calls).Decision.Id;
                actuator.Hangs = false;
                await context.CrashAndRestartAsync();
                Assert.True(await scene.ServiceOf(context).EnsureActive());
                await scene.Publish(context, StreamNames.Decisions, Forged.Up(actuator.Calls[0].Decision, 0, 0));
                var actuation = (await scene.ServiceOf(context).GetSnapshot()).Actuation!;
                Assert.Equal((open, ActuationOutcome.Failed), (actuation.DecisionId, actuation.Outcome));
                Assert.Contains("outcome is unknown", actuation.Error);
                await scene.Publish(context, StreamNames.Decisions, actuator.Calls[0].Decision);
            }
        });

        Assert.Single(actuator.Calls, c => c.Decision.Id == open);
        Assert.True(actuator.Calls.Count > 1, "later decisions are carried out");
        Assert.All(actuator.Calls.Skip(1), c => Assert.True(c.Decision.Epoch > actuator.Calls[0].Decision.Epoch));
    }

    [Fact]
    public void Decision_OfALowerEpoch_IsDropped()
    {
        var actuator = new ScriptedActuator();
        var scene = Scene.Of(Scene.Reactive, 60, configure: ScriptedActuator.Instead(actuator));
        scene.Run(6, async (context, step) =>
        {
            if (step != 5) return;
            var latest = await scene.Latest(context);
            await scene.Publish(context, StreamNames.Decisions, Forged.Up(latest, 1, latest.Epoch + 1));
            await scene.Publish(context, StreamNames.Decisions, Forged.Up(latest, 999));
            Assert.Equal(latest.Epoch + 1, Assert.Single(actuator.Calls).Decision.Epoch);
            context.Kill(context.GrainFactory.GetGrain<IActuatorGrain>(scene.Key));
            await scene.Publish(context, StreamNames.Decisions, Forged.Up(latest, 9999));
            await scene.Publish(context, StreamNames.Decisions, Forged.Up(latest, 1, latest.Epoch + 1));
            Assert.Single(actuator.Calls);
            await scene.Publish(context, StreamNames.Decisions, Forged.Up(latest, 2, latest.Epoch + 1));
            Assert.Equal(2, actuator.Calls.Count);
        });
    }

    [Fact]
    public async Task Decision_AutoscalerOnTheSameTarget_IsDenied()
    {
        var scene = Scene.Of(Scene.Reactive, 300);
        await AddAutoscaler(scene);
        scene.Run(8, async (context, step) =>
        {
            if (step != 8) return;
            var actuation = (await scene.ServiceOf(context).GetSnapshot()).Actuation!;
            Assert.Equal(ActuationOutcome.Denied, actuation.Outcome);
            Assert.Contains("HorizontalPodAutoscaler rival in namespace shop", actuation.Error);
            Assert.Contains("delete it, or set the policy's mode to Recommend", actuation.Error);
        });

        Assert.Empty(scene.ScaleWrites);
    }

    [Fact]
    public void Decision_Forbidden_IsDeniedWithASentence()
    {
        var scene = Scene.Of(Scene.Reactive, 300);
        scene.Twin.ApiFaults = new ApiFaultPlan();
        for (var i = 0; i < 100; i++)
            scene.Twin.ApiFaults.Add(r => r.Method is not "GET" && r.Path.EndsWith("/scale", StringComparison.Ordinal), new ApiFault { Kind = ApiFaultKind.Fail, StatusCode = 403 });
        scene.Run(8, async (context, step) =>
        {
            if (step != 8) return;
            var actuation = (await scene.ServiceOf(context).GetSnapshot()).Actuation!;
            Assert.Equal(ActuationOutcome.Denied, actuation.Outcome);
            Assert.Contains("orbidden", actuation.Error);
            Assert.Equal(ScalingAction.ScaleUp, (await scene.Latest(context)).Action);
        });

        Assert.All(scene.ScaleWrites, w => Assert.Equal((403, w.FromReplicas), (w.StatusCode, w.ToReplicas)));
        Assert.Equal(3, scene.Simulated.Replicas);
    }

    [Fact]
    public void Decision_Recommend_NeverWrites()
    {
        var scene = Scene.Of(Scene.Reactive with { Mode = PolicyMode.Recommend }, 300);
        scene.Run(20, async (context, step) =>
        {
            var decision = await scene.Latest(context);
            Assert.False(decision.IsActionable);
            if (step == 20) Assert.Equal(ScalingAction.ScaleUp, decision.Action);
        });

        Assert.Empty(scene.Twin.Cluster.Audit);
    }

    private static async Task AddAutoscaler(Scene scene)
    {
        const string body = """
            {"apiVersion":"autoscaling/v2","kind":"HorizontalPodAutoscaler","metadata":{"name":"rival","namespace":"shop"},
             "spec":{"scaleTargetRef":{"apiVersion":"apps/v1","kind":"Deployment","name":"cart"},"minReplicas":1,"maxReplicas":9}}
            """;
        var response = await new SimulatedApi(scene.Twin.Cluster).HandleAsync(new SimRequest
        {
            Method = "POST",
            Path = "/apis/autoscaling/v2/namespaces/shop/horizontalpodautoscalers",
            Body = Encoding.UTF8.GetBytes(body),
            ContentType = "application/json",
        });
        Assert.Equal(201, response.StatusCode);
    }
}
