using ControlPlane.Cli.Demo;
using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling;
using ControlPlane.Core.Workloads;
using ControlPlane.Embedded.Virtual;
using ControlPlane.GrainInterfaces;
using ControlPlane.Grains.Tests.Support;

namespace ControlPlane.Grains.Tests.Behaviour;

/// <summary>Workloads come, change and go.</summary>
public sealed class RegistrationTests
{
    [Fact]
    public void Register_Again_ListsOnceAndReplacesTheSpecification()
    {
        var scene = Scene.Of(Scene.Reactive, 60);
        scene.Run(3, async (context, step) =>
        {
            if (step != 3) return;
            await context.GrainFactory.Catalog(scene.Service.Id).Register(Labelled(scene));
            Assert.Equal("green", Assert.Single((await scene.ServiceOf(context).GetSpec())!.Labels).Value);
            Assert.Equal(scene.Service.Id, Assert.Single(await context.GrainFactory.ListWorkloads("")));
            Assert.Equal(scene.Service.Id, Assert.Single(await context.GrainFactory.ListWorkloads("demo/shop")));
            Assert.Empty(await context.GrainFactory.ListWorkloads("demo/sho"));
        });
    }

    [Fact]
    public void Register_Again_TheActuatorFollows()
    {
        var actuator = new ScriptedActuator();
        var scene = Scene.Of(Scene.Reactive, 60, 300, 8, ScriptedActuator.Instead(actuator));
        scene.Run(14, async (context, step) =>
        {
            if (step == 2) await scene.Publish(context, StreamNames.Decisions, Forged.Up(await scene.Latest(context), 100));
            if (step != 5) return;
            Assert.Empty(Assert.Single(actuator.Calls).Spec.Labels);
            await context.GrainFactory.Catalog(scene.Service.Id).Register(Labelled(scene));
            await scene.Publish(context, StreamNames.Decisions, Forged.Up(await scene.Latest(context), 101));
            Assert.Equal("green", Assert.Single(actuator.Calls[^1].Spec.Labels).Value);
        });
    }

    [Fact]
    public void Unregister_Workload_IsNeitherObservedNorChangedAnyMore()
    {
        var actuator = new ScriptedActuator();
        var scene = Scene.Of(Scene.Reactive, 60, configure: ScriptedActuator.Instead(actuator));
        ScalingDecision last = null!;
        scene.Run(12, async (context, step) =>
        {
            if (step == 4) await scene.Publish(context, StreamNames.Decisions, Forged.Up(await scene.Latest(context), 100));
            if (step == 5) await Unregister(scene, context);
            if (step == 6) last = await scene.Latest(context);
            if (step != 12) return;
            Assert.Equal(last.Id, (await scene.Latest(context)).Id);
            Assert.Null((await scene.ServiceOf(context).GetSnapshot()).Spec);
            Assert.False(await scene.ServiceOf(context).EnsureActive());
            Assert.Single(actuator.Calls);
            await scene.Publish(context, StreamNames.Decisions, Forged.Up(last, 101));
            Assert.Single(actuator.Calls);
        });
    }

    [Fact]
    public void Register_AfterUnregister_ObservesAgain()
    {
        var scene = Scene.Of(Scene.Reactive, 60);
        scene.Run(10, async (context, step) =>
        {
            if (step == 4) await Unregister(scene, context);
            if (step == 7) await context.GrainFactory.Catalog(scene.Service.Id).Register(VirtualTwin.Spec(scene.Service));
            if (step == 10) Assert.True(context.TimeProvider.GetUtcNow() - (await scene.Latest(context)).Time < PolicyDocument.DefaultStep);
        });
    }

    private static async Task Unregister(Scene scene, VirtualContext context)
    {
        var catalog = context.GrainFactory.Catalog(scene.Service.Id);
        Assert.True(await catalog.Unregister(scene.Service.Id));
        Assert.False(await catalog.Unregister(scene.Service.Id));
        Assert.Empty(await context.GrainFactory.ListWorkloads(""));
    }

    private static WorkloadSpec Labelled(Scene scene) =>
        VirtualTwin.Spec(scene.Service) with { Labels = [new WorkloadLabel { Key = "team", Value = "green" }] };
}
