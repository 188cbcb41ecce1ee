using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling.Hpa;

namespace ControlPlane.Core.Tests.Scaling.Hpa;

/// <summary>Stabilization windows. Facts and figures of Kubernetes' horizontal_test.go.</summary>
public sealed class StabilizationTableTests
{
    /// <summary>Windows in seconds; what was recommended before, as <c>replicas@seconds ago</c>.</summary>
    public sealed record Row(string Shows, string Upstream, string Before, int Current, int Recommended, int Up, int Down, int Stabilized)
    {
        public override string ToString() => $"{Shows} [{Upstream}]";
    }

    public static TheoryData<Row> Rows =>
    [
        new("nothing remembered, nothing held", "NormalizeDesiredReplicasWithBehavior/empty recommendations for scaling down",
            "", 100, 5, 0, 0, 5),
        new("the greatest of three minutes", "NormalizeDesiredReplicasWithBehavior/simple scale down stabilization",
            "4@120 5@60", 100, 3, 0, 180, 5),
        new("the least of five minutes", "NormalizeDesiredReplicasWithBehavior/simple scale up stabilization", "4@120 5@60", 1, 7, 300, 0, 4),
        new("a window for adding does not hold removals", "NormalizeDesiredReplicasWithBehavior/no scale down stabilization",
            "1@120 2@60", 100, 3, 300, 0, 3),
        new("a window for removing does not hold additions", "NormalizeDesiredReplicasWithBehavior/no scale up stabilization",
            "4@120 5@60", 1, 3, 0, 300, 3),
        new("without windows the past is nothing, removing",
            "NormalizeDesiredReplicasWithBehavior/no scale down stabilization, reuse recommendation element", "10@600 9@540", 100, 3, 0, 0, 3),
        new("without windows the past is nothing, adding",
            "NormalizeDesiredReplicasWithBehavior/no scale up stabilization, reuse recommendation element", "10@600 9@540", 1, 100, 0, 0, 100),
        new("old high ones are forgotten", "NormalizeDesiredReplicasWithBehavior/scale down stabilization, reuse one obsolete element",
            "10@600 4@60 5@120 9@540", 100, 3, 0, 180, 5),
        new("old low ones are forgotten", "NormalizeDesiredReplicasWithBehavior/scale up stabilization, reuse one obsolete element",
            "10@6000 6@60 5@120 9@180", 1, 100, 300, 0, 5),
        new("a falling recommendation does not add", "NormalizeDesiredReplicasWithBehavior/do not scale up when prenormalized rec goes down",
            "2@6000 3@180", 2, 1, 300, 300, 2),
        new("a rising recommendation does not remove", "NormalizeDesiredReplicasWithBehavior/do not scale down when prenormalized rec goes up",
            "2@6000 1@180", 2, 3, 300, 300, 2),
    ];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Apply_UpstreamWindows_StabilizesAsUpstream(Row row)
    {
        var behavior = Behaviors.Of(Behaviors.Rules("1000/15", row.Up), Behaviors.Rules("1000/15", row.Down));
        var state = Behaviors.Remember(row.Before, behavior);

        var result = HpaBehavior.Apply(state, behavior, row.Current, row.Recommended, 0, 1000, PodTable.Now);

        Assert.Equal(row.Stabilized, result.Stabilized);
        Assert.Equal(row.Stabilized, result.Desired);
    }

    public static TheoryData<Row> PlainRows =>
    [
        new("nothing remembered, nothing held", "NormalizeDesiredReplicas/empty log", "", 5, 5, 0, 300, 5),
        new("the greatest of five minutes", "NormalizeDesiredReplicas/stabilize", "4@120 5@60", 5, 3, 0, 300, 5),
        new("lower ones do not matter", "NormalizeDesiredReplicas/no stabilize", "1@120 2@60", 5, 3, 0, 300, 3),
        new("old ones do not matter", "NormalizeDesiredReplicas/no stabilize - old recommendations", "10@600 9@540", 5, 3, 0, 300, 3),
        new("old ones are forgotten, young ones hold", "NormalizeDesiredReplicas/stabilize - old recommendations",
            "10@600 4@60 5@120 9@540", 5, 3, 0, 300, 5),
    ];

    [Theory]
    [MemberData(nameof(PlainRows))]
    public void Apply_WithoutBehavior_StabilizesAsUpstream(Row row)
    {
        var result = HpaBehavior.Apply(Behaviors.Remember(row.Before, null), null, row.Current, row.Recommended, 1, 1000, PodTable.Now);

        Assert.Equal(row.Stabilized, result.Stabilized);
    }

    [Fact]
    public void Apply_Held_NamesTheWindowThatHolds()
    {
        var behavior = Behaviors.Of(Behaviors.Rules("1000/15", 60), Behaviors.Rules("1000/15", 60));
        var state = HpaState.Initial(PodTable.Now.AddSeconds(-15), 5);

        Assert.Equal(HpaRules.StabilizedUp, HpaBehavior.Apply(state, behavior, 5, 8, 1, 10, PodTable.Now).Rule);
        Assert.Equal(HpaRules.StabilizedDown, HpaBehavior.Apply(state, behavior, 5, 2, 1, 10, PodTable.Now).Rule);
    }

    [Fact]
    public void Apply_EntryExactlyAsOldAsTheWindow_NoLongerHolds()
    {
        var behavior = BehaviorPolicy.KubernetesDefault;
        var window = behavior.ScaleDown.StabilizationWindow;

        var before = HpaBehavior.Apply(HpaState.Initial(PodTable.Now - window + TimeSpan.FromTicks(1), 5), behavior, 5, 2, 1, 10, PodTable.Now);
        var after = HpaBehavior.Apply(HpaState.Initial(PodTable.Now - window, 5), behavior, 5, 2, 1, 10, PodTable.Now);

        Assert.Equal((5, 2), (before.Desired, after.Desired));
    }

    [Fact]
    public void Apply_MoreThanItCanRemember_StaysBoundedAndErrsOnTheSafeSide()
    {
        var behavior = Behaviors.Of(Behaviors.Rules("1000/15", 3600), Behaviors.Rules("1000/15", 3600));
        var (falling, rising) = (HpaState.Empty, HpaState.Empty);
        HpaBehaviorResult high = default, low = default;
        for (var i = 0; i < 1_000; i++)
        {
            var now = PodTable.Now.AddSeconds(i);
            (high, low) = (HpaBehavior.Apply(falling, behavior, 5_000, 2_000 - i, 1, 9_999, now), HpaBehavior.Apply(rising, behavior, 1, 10 + i, 1, 9_999, now));
            (falling, rising) = (high.State, low.State);
        }

        Assert.Equal((HpaState.Capacity, HpaState.Capacity), (falling.Highs.Length, rising.Lows.Length));
        Assert.Equal((2_000, 10), (high.Stabilized, low.Stabilized));
    }
}
