using ControlPlane.Core.Healing;
using ControlPlane.Core.Workloads;

namespace ControlPlane.Core.Tests.Healing;

public sealed class ClusterHealingTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Ask_OneWorkload_IsGranted() => Assert.Equal(new HealingAnswer(true, HealingReason.PodFault), Ask([Wish(0, 0, "node-1")])[^1]);

    [Fact]
    public void Ask_ManyWorkloadsAtOnce_AreRefused()
    {
        var answers = Ask([.. Enumerable.Range(0, 10).Select(i => Wish(i, 20 * i, $"node-{i}"))]);
        Assert.Equal(ClusterHealing.MostWorkloads, answers.Count(a => a.IsGranted));
        Assert.All(answers.Skip(ClusterHealing.MostWorkloads), a => Assert.Equal(HealingReason.ClusterCause, a.Reason));
    }

    [Fact]
    public void Ask_ManyWorkloadsOverHours_AreGranted()
    {
        var answers = Ask([.. Enumerable.Range(0, 20).Select(i => Wish(i, 400 * i, $"node-{i}"))]);
        Assert.All(answers, a => Assert.True(a.IsGranted));
    }

    [Fact]
    public void Ask_ManyWorkloadsOfOneNode_AreItsTroubleAndGoOnAtALimitedRate()
    {
        var answers = Ask([.. Enumerable.Range(0, 12).Select(i => Wish(i, i, "node-1"))]);
        Assert.Equal(ClusterHealing.GrantsPerMinute, answers.Count(a => a.IsGranted));
        Assert.Equal(HealingReason.NodeTrouble, answers[5].Reason);
        Assert.Equal(HealingReason.ClusterLimit, answers[^1].Reason);
    }

    [Fact]
    public void Ask_AnyNumber_KeepsTheHourlyLimitAndItsBound()
    {
        var cluster = ClusterHealing.Empty;
        var granted = 0;
        for (var i = 0; i < 1_000; i++)
        {
            (cluster, var answer) = cluster.Ask(Wish(i % 3, 3.5 * i, "node-1", $"pod-{i}"));
            granted += answer.IsGranted ? 1 : 0;
            Assert.True(cluster.Wishes.Length <= ClusterHealing.MostWishes && cluster.Grants.Length <= ClusterHealing.GrantsPerHour);
        }

        Assert.Equal(ClusterHealing.GrantsPerHour, granted);
    }

    private static List<HealingAnswer> Ask(HealingWish[] wishes)
    {
        var (cluster, answers) = (ClusterHealing.Empty, new List<HealingAnswer>());
        foreach (var wish in wishes)
        {
            (cluster, var answer) = cluster.Ask(wish);
            answers.Add(answer);
        }

        return answers;
    }

    private static HealingWish Wish(int workload, double seconds, string node, string? pod = null) =>
        new(Start + TimeSpan.FromSeconds(seconds), WorkloadId.Parse($"c/ns/deployment/w{workload}"), pod ?? $"w{workload}-1", node);
}
