using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling;
using ControlPlane.Embedded.Virtual;

namespace ControlPlane.Grains.Tests.Behaviour;

/// <summary>Policies on their way to running services.</summary>
public sealed class PolicyTests
{
    /// <summary>Steps after which grains ask for the policy without being told.</summary>
    private const int RefreshSteps = 20;

    [Fact]
    public void Put_ModeFromOffToAuto_ActsWithinTwoSteps()
    {
        var scene = Scene.Of(Scene.Reactive with { Mode = PolicyMode.Off }, 300);
        scene.Run(8, async (context, step) =>
        {
            if (step <= 6)
            {
                Assert.Equal(ReasonCode.PolicyOff, (await scene.Latest(context)).Reason);
                Assert.Empty(scene.ScaleWrites);
            }
            if (step == 6) Assert.Empty((await scene.PolicyOf(context).Put(Scene.Reactive)).Faults);
        });

        Assert.NotEmpty(scene.ScaleWrites);
        Assert.True(scene.Simulated.Replicas > 3);
    }

    [Fact]
    public void Put_ModeFromAutoToRecommend_StopsWritesAtOnce()
    {
        var scene = Scene.Of(Scene.Reactive, 60, 400, 10);
        scene.Run(20, async (context, step) =>
        {
            if (step == 9) await scene.PolicyOf(context).Put(Scene.Reactive with { Mode = PolicyMode.Recommend });
        });

        Assert.DoesNotContain(scene.ScaleWrites, w => w.ToReplicas > w.FromReplicas);
    }

    [Fact]
    public void Put_InvalidPolicy_KeepsTheLastGoodOne()
    {
        var scene = Scene.Of(Scene.Reactive, 60);
        scene.Run(6, async (context, step) =>
        {
            if (step != 3) return;
            var admission = await scene.PolicyOf(context).Put(Scene.Reactive with { MinReplicas = 9, MaxReplicas = 4 });
            Assert.Contains(admission.Faults, f => f.Contains("maxReplicas", StringComparison.OrdinalIgnoreCase) || f.Contains("minReplicas", StringComparison.OrdinalIgnoreCase));
            Assert.Equal(1, admission.InForce!.Version);
            await context.AdvanceAsync(PolicyDocument.DefaultStep);
            var record = await scene.Record(context);
            Assert.Equal((1L, 2), (record.Decision.PolicyVersion, record.Input.Policy.MinReplicas));
        });
    }

    [Fact]
    public void GetEffective_Scopes_TheNarrowestHolds()
    {
        var scene = Scene.Of(Scene.Reactive, 60);
        scene.Run(10, async (context, step) =>
        {
            switch (step)
            {
                case 2:
                    await scene.PolicyOf(context).Remove();
                    break;
                case 4:
                    Assert.Equal("", (await scene.Record(context)).Input.Policy.Scope);
                    await scene.PolicyOf(context, "demo").Put(Scene.Reactive with { MaxReplicas = 7 });
                    break;
                case 6:
                    Assert.Equal(("demo", 7), await Seen(scene, context));
                    await scene.PolicyOf(context, "demo/shop").Put(Scene.Reactive with { MaxReplicas = 8 });
                    break;
                case 8:
                    Assert.Equal(("demo/shop", 8), await Seen(scene, context));
                    await scene.PolicyOf(context).Put(Scene.Reactive with { MaxReplicas = 9 });
                    break;
                case 10:
                    Assert.Equal((scene.Key, 9), await Seen(scene, context));
                    Assert.Equal(2, (await scene.Latest(context)).PolicyVersion);
                    break;
            }
        });
    }

    [Fact]
    public void Put_AnnouncementLost_IsFoundByAsking()
    {
        var scene = Scene.Of(Scene.Reactive, 60);
        scene.Run(4 + RefreshSteps, async (context, step) =>
        {
            if (step != 4) return;
            context.Faults[FaultKind.LoseEvent] = 1;
            await scene.PolicyOf(context).Put(Scene.Reactive with { MaxReplicas = 9 });
            context.Faults.Stop();
            await context.AdvanceAsync(PolicyDocument.DefaultStep);
            Assert.Equal(20, (await Seen(scene, context)).Max);
            await context.AdvanceAsync(RefreshSteps * PolicyDocument.DefaultStep);
            Assert.Equal(9, (await Seen(scene, context)).Max);
        });
    }

    [Fact]
    public void Put_LongerStep_GoesOnOnTheNewGrid()
    {
        var scene = Scene.Of(Scene.Reactive, 60);
        scene.Run(20, async (context, step) =>
        {
            if (step == 4) await scene.PolicyOf(context).Put(Scene.Reactive with { Step = TimeSpan.FromMinutes(1) });
            if (step != 20) return;
            var observation = (await scene.ServiceOf(context).GetSnapshot()).Observation!;
            Assert.Equal(TimeSpan.FromMinutes(1), observation.Step);
            Assert.Equal(0, observation.Time.Second);
            Assert.True(context.TimeProvider.GetUtcNow() - observation.Time <= TimeSpan.FromMinutes(1));
            Assert.Equal(observation.Time, (await scene.Latest(context)).Time);
        });
    }

    private static async Task<(string Scope, int Max)> Seen(Scene scene, VirtualContext context)
    {
        var policy = (await scene.Record(context)).Input.Policy;
        return (policy.Scope, policy.MaxReplicas);
    }
}
