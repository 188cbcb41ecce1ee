using System.Collections.Immutable;
using ControlPlane.Core.Policies;
using ControlPlane.Embedded.Virtual;
using ControlPlane.GrainInterfaces;

namespace ControlPlane.Grains.Tests.Behaviour;

/// <summary>Policies of three scopes over one running service.</summary>
public sealed class PolicyInheritanceTests
{
    private const string Namespace = "demo/shop";
    private const string Cluster = "demo";

    [Fact]
    public void Propose_PartsAtEveryScope_TheServiceFollowsChangesOfTheWiderOnes()
    {
        var scene = Scene.Of(Scene.Reactive, 60);
        scene.Run(10, async (context, step) =>
        {
            switch (step)
            {
                case 2:
                    await Admit(scene, context, Cluster, "mode: Auto\nmaxReplicas: 30");
                    await Admit(scene, context, Namespace, "minReplicas: 3");
                    await Admit(scene, context, scene.Key, "objective: { percentile: 0.9 }");
                    break;
                case 5:
                    Assert.Equal((PolicyMode.Auto, 3, 30, 0.9), await Seen(scene, context));
                    await Admit(scene, context, Cluster, "mode: Recommend\nmaxReplicas: 25");
                    break;
                case 7:
                    Assert.Equal((PolicyMode.Recommend, 3, 25, 0.9), await Seen(scene, context));
                    await scene.PolicyOf(context, Namespace).Remove();
                    break;
                case 9:
                    Assert.Equal((PolicyMode.Recommend, 1, 25, 0.9), await Seen(scene, context));
                    break;
            }
        });
    }

    [Fact]
    public void Propose_WideScopeThatBreaksANarrowOne_IsRefusedAndTheLastGoodOneStays()
    {
        var scene = Scene.Of(Scene.Reactive, 60);
        scene.Run(6, async (context, step) =>
        {
            if (step != 2) return;
            await Admit(scene, context, Cluster, "maxReplicas: 30");
            await Admit(scene, context, scene.Key, "minReplicas: 8");

            foreach (var scope in (string[])[Cluster, Namespace])
            {
                var answer = await Propose(scene, context, scope, "maxReplicas: 5");
                Assert.Equal([$"{scene.Key} would be faulty: maxReplicas: 5 is below minReplicas 8"], answer.Faults.ToArray());
            }
            var removed = await scene.PolicyOf(context, Cluster).Withdraw("test");
            Assert.Empty(removed.Faults); // the built-in maximum of 10 is enough for 8
            Assert.Equal((8, 10), await Bounds(scene, context));
        });
    }

    [Fact]
    public void Propose_NarrowScopeThatBreaksWithTheWideOne_IsRefused()
    {
        var scene = Scene.Of(Scene.Reactive, 60);
        scene.Run(3, async (context, step) =>
        {
            if (step != 2) return;
            await Admit(scene, context, Namespace, "maxReplicas: 5");
            await Admit(scene, context, scene.Key, "minReplicas: 4");
            var answer = await Propose(scene, context, scene.Key, "minReplicas: 6");
            Assert.Equal(["maxReplicas: 5 is below minReplicas 6"], answer.Faults.ToArray());
            Assert.Equal((4, 5), await Bounds(scene, context));
        });
    }

    [Fact]
    public void GetChanges_AdmittedRefusedAndRemoved_KeepsWhatWasChangedByWhom()
    {
        var scene = Scene.Of(Scene.Reactive, 60);
        scene.Run(3, async (context, step) =>
        {
            if (step != 2) return;
            var grain = scene.PolicyOf(context, Namespace);
            await Propose(scene, context, Namespace, "maxReplicas: 12\nmode: Auto", "ann");
            await Propose(scene, context, Namespace, "maxReplicas: 0", "bob");
            await grain.Withdraw("cid");

            var changes = await grain.GetChanges();
            Assert.Equal(["cid 0", "ann 1"], changes.Select(c => $"{c.By} {c.Version}"));
            Assert.Equal(["mode \"Recommend\" \"Auto\"", "maxReplicas 10 12"], changes[1].Changes.Select(f => $"{f.Field} {f.Before} {f.After}"));
            Assert.Equal(["mode \"Auto\" \"Recommend\"", "maxReplicas 12 10"], changes[0].Changes.Select(f => $"{f.Field} {f.Before} {f.After}"));
            Assert.Equal(context.TimeProvider.GetUtcNow(), changes[0].Time, TimeSpan.FromSeconds(1));
        });
    }

    private static async Task Admit(Scene scene, VirtualContext context, string scope, string text) => Assert.Empty((await Propose(scene, context, scope, text)).Faults);

    private static Task<PolicyAdmission> Propose(Scene scene, VirtualContext context, string scope, string text, string by = "test")
    {
        var (document, written) = Lenient(text);
        return scene.PolicyOf(context, scope).Propose(new PolicyProposal { Document = document, Written = written }, by);
    }

    /// <summary>Reads what the text writes; rules that it breaks alone are left to the grain.</summary>
    private static (PolicyDocument Document, ImmutableArray<string> Written) Lenient(string text)
    {
        var wide = new PolicyDocument { MaxReplicas = 1000 };
        var read = PolicyReader.Read(text, "test", wide);
        return (read.Policy ?? new PolicyDocument { MaxReplicas = 0 }, read.Written);
    }

    private static async Task<(PolicyMode Mode, int Min, int Max, double Percentile)> Seen(Scene scene, VirtualContext context)
    {
        var policy = (await scene.Record(context)).Input.Policy;
        return (policy.Mode, policy.MinReplicas, policy.MaxReplicas, policy.Objective.Percentile);
    }

    private static async Task<(int Min, int Max)> Bounds(Scene scene, VirtualContext context)
    {
        var policy = await scene.PolicyOf(context).GetEffective();
        return (policy.MinReplicas, policy.MaxReplicas);
    }
}
