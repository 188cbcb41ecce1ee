using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling.Hpa;

namespace ControlPlane.Core.Tests.Scaling.Hpa;

/// <summary>Rate limits and bounds. Facts and figures of Kubernetes' horizontal_test.go.</summary>
public sealed class RateLimitTableTests
{
    public sealed record Row(string Shows, string Upstream, int Current, int Recommended, int Min, int Max, int Desired, string? Rule)
    {
        /// <summary>Limits when adding; null: Kubernetes' default.</summary>
        public string? Up { get; init; }

        /// <summary>Limits when removing; null: Kubernetes' default.</summary>
        public string? Down { get; init; }

        public string Added { get; init; } = "";

        public string Removed { get; init; } = "";

        public LimitSelection Select { get; init; }

        public override string ToString() => $"{Shows} [{Upstream}]";
    }

    public static TheoryData<Row> Rows =>
    [
        new("within limits it passes", "ScalingWithRules/within range", 5, 7, 3, 8, 7, null),
        new("the minimum holds", "ScalingWithRules/desired < minReplicas", 3, 1, 2, 8, 2, HpaRules.Minimum),
        new("zero is allowed when the minimum is zero", "ScalingWithRules/within range when minReplicas is 0", 1, 0, 0, 10, 0, null),
        new("the maximum holds even below the current", "ScalingWithRules/maxReplicas < scaleUpLimit", 20, 1000, 1, 10, 10, HpaRules.Maximum),
        new("the maximum holds", "ScalingWithRules/desired more than the maximum", 100, 1000, 100, 150, 150, HpaRules.Maximum),
        new("1% still adds one", "ScalingWithRules/scaleUpLimit < maxReplicas with user policies", 3, 1000, 1, 2000, 4, HpaRules.ScaleUpLimit)
            { Up = "1%/60" },
        new("by default twice as many", "ScalingWithRules/scaleUp with default behavior", 10, 50, 1, 1000, 20, HpaRules.ScaleUpLimit),
        new("the wider of two limits: pods", "ScalingWithRules/scaleUp pods larger than percent", 10, 500, 1, 1000, 110, HpaRules.ScaleUpLimit)
            { Up = "100/60 100%/60" },
        new("the wider of two limits: percent", "ScalingWithRules/scaleUp percent larger than pods", 10, 500, 1, 1000, 20, HpaRules.ScaleUpLimit)
            { Up = "2/60 100%/60" },
        new("a wide limit does not cut", "ScalingWithRules/scaleUp large pod policy", 10, 50, 1, 1000, 50, null) { Up = "100/60" },
        new("a very wide limit does not cut", "ScalingWithRules/scaleUp large percent policy", 10, 50, 1, 1000, 50, null) { Up = "10000/60" },
        new("30 pods a minute", "ScalingWithRules/scaleUp with pod policy limitation", 10, 50, 1, 1000, 40, HpaRules.ScaleUpLimit)
            { Up = "30/60" },
        new("200% a minute", "ScalingWithRules/scaleUp with percent policy limitation", 10, 50, 1, 1000, 30, HpaRules.ScaleUpLimit)
            { Up = "200%/60" },
        new("removing, the wider of two limits: pods", "ScalingWithRules/scaleDown percent larger than pod", 100, 2, 1, 1000, 80,
            HpaRules.ScaleDownLimit) { Down = "20/60 1%/60" },
        new("removing, two pods beat one percent", "ScalingWithRules/scaleDown pod larger than percent", 100, 2, 1, 1000, 98,
            HpaRules.ScaleDownLimit) { Down = "2/60 1%/60" },
        new("a wide limit leaves the minimum", "ScalingWithRules/scaleDown MinReplicas with large pod policy", 10, 0, 1, 1000, 1,
            HpaRules.Minimum) { Down = "100/60" },
        new("100% leaves the minimum", "ScalingWithRules/scaleDown MinReplicas with large percent policy", 10, 2, 5, 1000, 5,
            HpaRules.Minimum) { Down = "100%/60" },
        new("five pods a minute", "ScalingWithRules/scaleDown with pod policy limitation", 10, 2, 1, 1000, 5, HpaRules.ScaleDownLimit)
            { Down = "5/60" },
        new("just 50% a minute", "ScalingWithRules/scaleDown with percent policy limitation", 10, 5, 1, 1000, 5, null) { Down = "50%/60" },
        new("the maximum is nearer than what the past leaves", "ScalingWithRules/scaleUp MaxReplicas, large pod policy and events", 100, 500, 1,
            200, 200, HpaRules.Maximum) { Up = "300/60", Added = "1@100 5@60 9@20" },
        new("the maximum is nearer than 10,000%", "ScalingWithRules/scaleUp MaxReplicas, large percent policy and events", 100, 500, 1,
            200, 200, HpaRules.Maximum) { Up = "10000%/60", Added = "1@100 5@60 9@20" },
        new("a limit spent beforehand holds at the current", "ScalingWithRules/scaleUp with a lot of recent scale up events", 100, 500, 1, 1000,
            100, HpaRules.ScaleUpLimit) { Up = "5/120", Added = "1@100 5@60 9@20" },
        new("15 of 150 pods are spent", "ScalingWithRules/scaleUp with pod policy and previous events", 100, 500, 1, 1000, 235,
            HpaRules.ScaleUpLimit) { Up = "150/120", Added = "1@100 5@60 9@20" },
        new("percent count from the start of the period", "ScalingWithRules/scaleUp with percent policy and previous events", 100, 500, 1, 1000,
            255, HpaRules.ScaleUpLimit) { Up = "200%/120", Added = "1@100 5@60 9@20" },
        new("adding, removals of the period count too", "ScalingWithRules/scaleUp with percent policy and up and down events", 6, 24, 1, 1000,
            16, HpaRules.ScaleUpLimit) { Up = "300%/300", Added = "4@60", Removed = "2@60" },
        new("the default does not limit removing", "ScalingWithRules/scaleDown with default policy and previous events", 10, 5, 1, 1000, 5, null)
            { Removed = "1@100 5@60 9@20" },
        new("115 pods less 15 leave none", "ScalingWithRules/scaleDown MinReplicas=nil, large pod policy and events", 100, 0, 1, 1000, 1,
            HpaRules.Minimum) { Down = "115/120", Removed = "1@100 5@60 9@20" },
        new("130 pods leave the minimum", "ScalingWithRules/scaleDown MinReplicas, large pod policy and events", 100, 0, 5, 1000, 5,
            HpaRules.Minimum) { Down = "130/120", Removed = "1@100 5@60 9@20" },
        new("100% of what was leaves the minimum", "ScalingWithRules/scaleDown MinReplicas, large percent policy and events", 100, 2, 5, 1000,
            5, HpaRules.Minimum) { Down = "100%/120", Removed = "1@100 5@60 9@20" },
        new("removing, a limit spent beforehand holds", "ScalingWithRules/scaleDown with pod policy and previous events", 100, 2, 1, 1000, 100,
            HpaRules.ScaleDownLimit) { Down = "5/120", Removed = "1@100 5@60 9@20" },
        new("half of the replicas at the start", "ScalingWithRules/scaleDown with percent policy and previous events", 100, 0, 1, 1000, 56,
            HpaRules.ScaleDownLimit) { Down = "50%/120", Removed = "2@100 4@60 6@20" },
        new("removing, additions of the period count too", "ScalingWithRules/scaleDown with percent policy and up and down events", 10, 1, 1,
            1000, 6, HpaRules.ScaleDownLimit) { Down = "50%/180", Added = "2@60", Removed = "4@60" },
        new("the past can forbid any removal", "ScalingWithRules/scaleDown previous events preventing further scale down", 100, 0, 1, 1000, 100,
            HpaRules.ScaleDownLimit) { Down = "10%/120", Removed = "10@100 10@60 10@20" },
        new("1,000% goes below zero and does not cut", "ScalingWithRules/scaleDown previous events still allowing more", 10, 5, 1, 1000, 5, null)
            { Down = "1000%/120", Removed = "10@100 10@60 10@20" },
        new("additions outside the period are forgotten", "ScalingWithRules/outdated flag, one behavior for up", 100, 200, 1, 1000, 200, null)
            { Up = "1000/60", Added = "8@105 12@75 9@45 11@15" },
        new("two periods, the longer first", "ScalingWithRules/events not outdated for two policies for up", 100, 200, 1, 1000, 200, null)
            { Up = "1000/120 100%/60", Added = "8@105 12@75 9@45 11@15" },
        new("two periods, the shorter first", "ScalingWithRules/events outdated for two policies for up", 100, 200, 1, 1000, 200, null)
            { Up = "1000/30 100%/60", Added = "8@105 12@75 9@45 11@15" },
        new("removals outside the period are forgotten", "ScalingWithRules/outdated flag, one behavior for down", 100, 5, 1, 1000, 5, null)
            { Down = "1000/60", Removed = "8@105 12@75 9@45 11@15" },
        new("removing, two periods, the longer first", "ScalingWithRules/events not outdated for two policies for down", 100, 5, 1, 1000, 5,
            null) { Down = "1000/120 100%/60", Removed = "8@105 12@75 9@45 11@15" },
        new("removing, two periods, the shorter first", "ScalingWithRules/events outdated for two policies for down", 100, 5, 1, 1000, 5, null)
            { Down = "1000/30 100%/60", Removed = "8@105 12@75 9@45 11@15" },
        new("the narrower of two limits: half of one, rounded up", "CalculateScaleUpLimitWithScalingRules", 1, 1000, 1, 1000, 2,
            HpaRules.ScaleUpLimit) { Up = "2/60 50%/60", Select = LimitSelection.Min },
        new("the narrower of two limits: two pods", "CalculateScaleDownLimitWithBehaviors", 5, 0, 0, 1000, 3, HpaRules.ScaleDownLimit)
            { Down = "2/60 50%/60", Select = LimitSelection.Min },
    ];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Apply_UpstreamLimits_GivesUpstreamReplicas(Row row)
    {
        var behavior = Behaviors.Of(
            row.Up is null ? null : Behaviors.Rules(row.Up, 0, row.Select),
            row.Down is null ? null : Behaviors.Rules(row.Down, 300, row.Select));
        var state = new HpaState { ScaleUps = Behaviors.Events(row.Added), ScaleDowns = Behaviors.Events(row.Removed) };

        var result = HpaBehavior.Apply(state, behavior, row.Current, row.Recommended, row.Min, row.Max, PodTable.Now);

        Assert.Equal((row.Desired, row.Rule), (result.Desired, result.Rule));
    }

    public static TheoryData<Row> PlainRows =>
    [
        new("within limits it passes", "ConvertDesiredReplicasWithRules/within range", 5, 7, 3, 8, 7, null),
        new("the minimum holds", "ConvertDesiredReplicasWithRules/desired < minReplicas", 3, 1, 2, 8, 2, HpaRules.Minimum),
        new("zero is allowed when the minimum is zero", "ConvertDesiredReplicasWithRules/zeroed replicas within range", 1, 0, 0, 10, 0, null),
        new("the maximum holds", "ConvertDesiredReplicasWithRules/maxReplicas < scaleUpLimit", 20, 1000, 1, 10, 10, HpaRules.Maximum),
        new("three become six at most", "ConvertDesiredReplicasWithRules/scaleUpLimit < maxReplicas", 3, 1000, 1, 2000, 6, HpaRules.ScaleUpLimit),
    ];

    [Theory]
    [MemberData(nameof(PlainRows))]
    public void Apply_WithoutBehavior_GivesUpstreamReplicas(Row row)
    {
        var result = HpaBehavior.Apply(HpaState.Empty, null, row.Current, row.Recommended, row.Min, row.Max, PodTable.Now);

        Assert.Equal((row.Desired, row.Rule), (result.Desired, result.Rule));
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(2, 4)]
    [InlineData(5, 10)]
    public void Apply_WithoutBehavior_AllowsTwiceButAtLeastFour(int current, int desired) =>
        Assert.Equal(desired, HpaBehavior.Apply(HpaState.Empty, null, current, 1000, 1, 1000, PodTable.Now).Desired);

    [Fact]
    public void Apply_DirectionDisabled_HoldsAndSaysSo()
    {
        var frozen = Behaviors.Of(
            Behaviors.Rules("4/15", 0, LimitSelection.Disabled), Behaviors.Rules("4/15", 0, LimitSelection.Disabled));

        var up = HpaBehavior.Apply(HpaState.Empty, frozen, 5, 9, 1, 10, PodTable.Now);
        var down = HpaBehavior.Apply(HpaState.Empty, frozen, 5, 2, 1, 10, PodTable.Now);

        Assert.Equal((5, HpaRules.ScaleUpDisabled), (up.Desired, up.Rule));
        Assert.Equal((5, HpaRules.ScaleDownDisabled), (down.Desired, down.Rule));
    }
}
