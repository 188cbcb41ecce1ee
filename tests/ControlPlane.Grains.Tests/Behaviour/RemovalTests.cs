using System.Collections.Immutable;
using ControlPlane.Core.Metrics;
using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling;
using ControlPlane.Core.Scaling.Removal;
using ControlPlane.Embedded.Virtual;
using ControlPlane.Grains.Tests.Support;
using ControlPlane.Simulation.Api;

namespace ControlPlane.Grains.Tests.Behaviour;

/// <summary>The pods that go first in a scale-in, from the reports of the pods to the removal.</summary>
public sealed class RemovalTests
{
    /// <summary>Scales in two minutes after the demand has fallen.</summary>
    private static readonly PolicyDocument Quick = Scene.Reactive with
    {
        Behavior = BehaviorPolicy.KubernetesDefault with { ScaleDown = BehaviorPolicy.KubernetesDefault.ScaleDown with { StabilizationWindow = TimeSpan.FromMinutes(2) } },
    };

    [Fact]
    public void ScaleIn_PodsReportConnections_ThoseWithMostStayAndNoCostIsLeft()
    {
        var scene = Scene.Of(Quick, 300, 80, 30);
        string[] busy = [];
        scene.Run(70, async (context, step) =>
        {
            var pods = Names(scene);
            if (step == 26) busy = [pods[0], pods[^1]];
            if (busy.Length > 0) await Report(scene, context, pods, p => busy.Contains(p) ? 500 : 3);
        });

        Assert.Equal(2 + 1, Names(scene).Length);
        Assert.All(busy, pod => Assert.Contains(pod, Names(scene)));
        Assert.InRange(Marks(scene), 1, RemovalChoice.MostMarked);
        Assert.Empty(Costs(scene));
    }

    [Fact]
    public void ScaleIn_NobodyReportsAnything_TouchesNoPod()
    {
        var scene = Scene.Of(Quick, 300, 80, 30);
        scene.Run(70, (_, _) => Task.CompletedTask);

        Assert.Contains(scene.ScaleWrites, w => w.ToReplicas < w.FromReplicas);
        Assert.Equal(0, Marks(scene));
    }

    [Fact]
    public void ScaleIn_Recommend_TouchesNoPod()
    {
        var scene = Scene.Of(Quick with { Mode = PolicyMode.Recommend }, 60);
        scene.Run(40, async (context, _) => await Report(scene, context, Names(scene), p => p[^1]));

        Assert.Empty(scene.Twin.Cluster.Audit);
    }

    /// <summary>The write of the replicas is refused: the marks are taken back at once.</summary>
    [Fact]
    public void ScaleIn_IsRefused_MarksAreTakenBack()
    {
        var scene = Scene.Of(Quick, 300, 80, 30);
        scene.Twin.ApiFaults = new ApiFaultPlan();
        scene.Run(50, async (context, step) =>
        {
            if (step == 26)
            {
                for (var i = 0; i < 1000; i++)
                    scene.Twin.ApiFaults.Add(r => r.Method is not "GET" && r.Path.EndsWith("/scale", StringComparison.Ordinal), new ApiFault { Kind = ApiFaultKind.Fail, StatusCode = 403 });
            }

            await Report(scene, context, Names(scene), p => p[^1]);
        });

        Assert.InRange(Marks(scene), 2, 60);
        Assert.Empty(Costs(scene));
    }

    /// <summary>Everything crashes after the pods were marked: what is left is found and taken away later.</summary>
    [Fact]
    public void Crash_AfterTheMarks_TheyAreTakenAwayLater()
    {
        var (isHanging, hasCrashed) = (false, false);
        var scene = Scene.Of(Quick, 300, 80, 30, Scene.AroundActuator((real, _) => new HangingActuator(real, decision => isHanging = !hasCrashed && decision.Action == ScalingAction.ScaleDown)));
        scene.Run(90, async (context, step) =>
        {
            await Report(scene, context, Names(scene), p => p[^1]);
            if (!isHanging || hasCrashed) return;
            hasCrashed = true;
            Assert.NotEmpty(Costs(scene));
            await context.CrashAndRestartAsync();
            Assert.True(await scene.ServiceOf(context).EnsureActive());
            // No scale-in any more that would take the marked pods with it.
            Assert.Empty((await scene.PolicyOf(context).Put(Quick with { MinReplicas = 9 })).Faults);
        });

        Assert.True(hasCrashed);
        Assert.True(Names(scene).Length >= 9);
        Assert.Empty(Costs(scene));
    }

    private static string[] Names(Scene scene) => [.. scene.Twin.Cluster.Read("shop", scene.Service.Name).Pods!.Value.Select(p => p.Name)];

    private static Task Report(Scene scene, VirtualContext context, IEnumerable<string> pods, Func<string, double> connections) => scene.ServiceOf(context).Ingest(
        [.. pods.Select(p => new MetricSample { Signal = RemovalChoice.ConnectionsSignal, Timestamp = context.TimeProvider.GetUtcNow(), Value = connections(p), Pod = p })]);

    /// <summary>Patches of pods that reached the cluster.</summary>
    private static int Marks(Scene scene) => scene.Twin.Cluster.Audit.Count(a => a.Path.Contains("/pods/", StringComparison.Ordinal) && a.Verb == "PATCH");

    /// <summary>Pods that have a deletion cost now.</summary>
    private static ImmutableArray<string> Costs(Scene scene)
    {
        var answer = new SimulatedApi(scene.Twin.Cluster).HandleAsync(new SimRequest { Method = "GET", Path = "/api/v1/namespaces/shop/pods" }).GetAwaiter().GetResult();
        var list = System.Text.Json.Nodes.JsonNode.Parse(answer.Body.Span)!["items"]!.AsArray();
        return [.. list.Where(p => p!["metadata"]!["annotations"]?[RemovalChoice.CostAnnotation] is not null).Select(p => p!["metadata"]!["name"]!.GetValue<string>())];
    }
}
