using ControlPlane.Core.Scaling.Hpa;

namespace ControlPlane.Core.Tests.Scaling.Hpa;

/// <summary>How changes are remembered. Facts and figures of Kubernetes' TestStoreScaleEvents (horizontal_test.go).</summary>
public sealed class ScaleEventTableTests
{
    /// <summary>Events as <c>pods@seconds ago</c>; Counted: pods that the last minute counts before five more are added.</summary>
    public sealed record Row(string Shows, string Upstream, string Before, string? Limits, int[] After, int Counted)
    {
        public override string ToString() => $"{Shows} [TestStoreScaleEvents/{Upstream}]";
    }

    public static TheoryData<Row> Rows =>
    [
        new("without behaviour nothing is remembered", "empty entries with default behavior", "", null, [], 0),
        new("the first change is remembered", "empty entries with two-policy-behavior", "", "10/60 100%/60", [5], 0),
        new("without behaviour what is there stays", "one outdated entry to be kept untouched without behavior", "7@61", null, [7], 0),
        new("an outdated one gives its place", "one outdated entry to be replaced with behavior", "7@61", "10/60 100%/60", [5], 0),
        new("a current one keeps its place", "one actual entry to be not touched with behavior", "7@58", "10/60 100%/60", [7, 5], 7),
        new("only the outdated one of two gives its place", "two entries, one of them to be replaced", "7@61 6@59", "10/60", [5, 6], 6),
        new("the longest period decides what is outdated", "replace one entry, use policies with different periods",
            "8@29 6@59 7@61 9@61", "10/60 100%/30", [8, 6, 7, 5], 14),
        new("a period of two minutes keeps both", "two entries, both actual", "7@58 6@59", "10/120 100%/30", [7, 6, 5], 13),
    ];

    [Theory]
    [MemberData(nameof(Rows))]
    public void RecordScale_Up_RemembersAsUpstream(Row row)
    {
        var state = new HpaState { ScaleUps = Behaviors.Events(row.Before) };
        var behavior = row.Limits is null ? null : Behaviors.Of(up: Behaviors.Rules(row.Limits));

        var after = HpaAlgorithm.RecordScale(state, PodTable.Now, 10, 15, behavior);

        Assert.Equal(row.After, after.ScaleUps.Select(change => change.Replicas));
        Assert.Empty(after.ScaleDowns);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void RecordScale_Down_RemembersAsUpstream(Row row)
    {
        var state = new HpaState { ScaleDowns = Behaviors.Events(row.Before) };
        var behavior = row.Limits is null ? null : Behaviors.Of(down: Behaviors.Rules(row.Limits));

        var after = HpaAlgorithm.RecordScale(state, PodTable.Now, 10, 5, behavior);

        Assert.Equal(row.After, after.ScaleDowns.Select(change => change.Replicas));
        Assert.Empty(after.ScaleUps);
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Apply_RememberedChanges_CountThoseOfTheLastMinute(Row row)
    {
        var behavior = Behaviors.Of(Behaviors.Rules("100/60"), Behaviors.Rules("100/60"));

        var up = HpaBehavior.Apply(new() { ScaleUps = Behaviors.Events(row.Before) }, behavior, 500, 5000, 1, 9999, PodTable.Now);
        var down = HpaBehavior.Apply(new() { ScaleDowns = Behaviors.Events(row.Before) }, behavior, 500, 1, 1, 9999, PodTable.Now);

        Assert.Equal((600 - row.Counted, 400 + row.Counted), (up.Desired, down.Desired));
    }

    [Fact]
    public void RecordScale_NoChange_LeavesTheState() =>
        Assert.Same(HpaState.Empty, HpaAlgorithm.RecordScale(HpaState.Empty, PodTable.Now, 5, 5, Behaviors.Of()));

    [Fact]
    public void RecordScale_MoreChangesThanItCanRemember_ForgetsTheOldest()
    {
        var behavior = Behaviors.Of(Behaviors.Rules("1000/1800"));
        var state = HpaState.Empty;
        for (var i = 1; i <= 300; i++) state = HpaAlgorithm.RecordScale(state, PodTable.Now.AddSeconds(i), 0, i, behavior);

        Assert.Equal(Enumerable.Range(45, HpaState.Capacity), state.ScaleUps.Select(change => change.Replicas).Order());
    }
}
