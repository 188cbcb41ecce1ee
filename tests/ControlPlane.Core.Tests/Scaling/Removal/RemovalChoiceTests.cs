using ControlPlane.Core.Anomalies.Health;
using ControlPlane.Core.Scaling.Removal;
using FsCheck.Fluent;

namespace ControlPlane.Core.Tests.Scaling.Removal;

/// <summary>Which pods are marked to go first.</summary>
public sealed class RemovalChoiceTests
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Marks_NothingIsKnown_TouchesNoPod() => Assert.Empty(RemovalChoice.Marks(Pods("a", "b", "c"), 2, RemovalHints.None));

    [Theory]
    [InlineData(1, "b=-1000")]
    [InlineData(2, "b=-1000 d=-100")] // an odd one before a healthy one
    [InlineData(3, "b=-1000 d=-100")] // the third is Kubernetes' own choice, by age
    public void Marks_Faults_GoHarmfulFirstThenOdd(int leaving, string expected)
    {
        var hints = new RemovalHints { Faults = [Fault("d", PodFaultKind.Odd), Fault("b", PodFaultKind.Errors)] };
        Assert.Equal(expected, Text(RemovalChoice.Marks(Pods("a", "b", "c", "d"), leaving, hints)));
    }

    [Fact]
    public void Marks_Connections_TheFewestGoAndFaultyOnesBefore()
    {
        var hints = new RemovalHints { Connections = [new("a", 40), new("b", 3), new("c", 7), new("d", 90)] };
        Assert.Equal("b=-100 c=-100", Text(RemovalChoice.Marks(Pods("a", "b", "c", "d"), 2, hints)));
        Assert.Equal("d=-1000 b=-100", Text(RemovalChoice.Marks(Pods("a", "b", "c", "d"), 2, hints with { Faults = [Fault("d", PodFaultKind.Slow)] })));
    }

    [Fact]
    public void Marks_ConnectionsOfSomePodsOnlyOrAllAlike_AreNotLookedAt()
    {
        Assert.Empty(RemovalChoice.Marks(Pods("a", "b", "c"), 1, new RemovalHints { Connections = [new("a", 4), new("b", 9)] }));
        Assert.Empty(RemovalChoice.Marks(Pods("a", "b"), 1, new RemovalHints { Connections = [new("a", 4), new("b", 4)] }));
    }

    [Fact]
    public void Marks_EqualConnections_TheYoungestGoes()
    {
        var pods = Pods("a", "b", "c");
        pods[1] = pods[1] with { ReadySince = Noon + TimeSpan.FromMinutes(5) };
        Assert.Equal("b=-100", Text(RemovalChoice.Marks(pods, 1, new RemovalHints { Connections = [new("a", 4), new("b", 4), new("c", 5)] })));
    }

    [Fact]
    public void Marks_PodsThatAreNotReady_GoAnywayAndCountFirst()
    {
        var pods = Pods("a", "b", "c");
        pods[0] = pods[0] with { IsReady = false };
        var hints = new RemovalHints { Faults = [Fault("b", PodFaultKind.Hung)] };
        Assert.Empty(RemovalChoice.Marks(pods, 1, hints));
        Assert.Equal("b=-1000", Text(RemovalChoice.Marks(pods, 2, hints)));
    }

    [Fact]
    public void Marks_CostOfSomebodyElse_IsLeftAlone()
    {
        var pods = Pods("a", "b", "c");
        pods[0] = pods[0] with { Cost = 500 };
        Assert.Equal("b=-100", Text(RemovalChoice.Marks(pods, 1, new RemovalHints { Faults = [Fault("a", PodFaultKind.Slow)], Connections = [new("a", 1), new("b", 2), new("c", 3)] })));
    }

    [Theory]
    [InlineData(2, "a= c=-1000")] // a mark of an earlier scale-in goes, one that is right already stays
    [InlineData(0, "a= c= d=")] // cleaned: only what has a harmful fault keeps its mark
    public void Marks_OldMarks_AreTakenAwayUnlessTheyAreRightStill(int leaving, string expected)
    {
        var pods = Pods("a", "b", "c", "d");
        foreach (var i in new[] { 0, 1, 2, 3 }) pods[i] = pods[i] with { Cost = i == 2 ? RemovalChoice.ChosenCost : RemovalChoice.FaultyCost, IsOurs = true };
        var hints = new RemovalHints { Faults = leaving > 0 ? [Fault("b", PodFaultKind.Errors), Fault("c", PodFaultKind.Slow)] : [Fault("b", PodFaultKind.Errors)] };
        Assert.Equal(expected, string.Join(' ', RemovalChoice.Marks(pods, leaving, hints).Where(m => m.Pod != "d" || leaving == 0).OrderBy(m => m.Pod).Select(Text)));
    }

    [Fact]
    public void Marks_FaultOfAPodOfTheSameNameBefore_DoesNotCount()
    {
        var fault = Fault("a", PodFaultKind.Slow) with { CreatedAt = Noon - TimeSpan.FromHours(3) };
        Assert.Empty(RemovalChoice.Marks(Pods("a", "b"), 1, new RemovalHints { Faults = [fault] }));
    }

    /// <summary>Never more than the bound, never a foreign cost, and a second time nothing.</summary>
    [Fact]
    public void Marks_AnyPods_AreFewAndSettleAtOnce() => Prop.ForAll(Gen.Choose(1, 100_000).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        var pods = Enumerable.Range(0, 1 + random.Next(80)).Select(i => new RemovalCandidate(
            $"p{i:00}", Noon, random.Next(5) > 0, Noon - TimeSpan.FromMinutes(random.Next(90)), random.Next(4) == 0 ? random.Next(-2000, 100) : null, random.Next(2) == 0)).ToArray();
        for (var i = 0; i < pods.Length; i++) pods[i] = pods[i] with { IsOurs = pods[i].IsOurs && pods[i].Cost is not null };
        var hints = new RemovalHints
        {
            Faults = [.. pods.Where(_ => random.Next(6) == 0).Select(p => Fault(p.Name, (PodFaultKind)random.Next(7)))],
            Connections = random.Next(2) == 0 ? [.. pods.Select(p => new PodConnections(p.Name, random.Next(50)))] : [],
        };
        var leaving = random.Next(pods.Length + 1);
        var marks = RemovalChoice.Marks(pods, leaving, hints);
        Assert.True(marks.Count(m => m.Cost is not null) <= Math.Min(leaving == 0 ? pods.Length : leaving, RemovalChoice.MostMarked) || leaving == 0);
        foreach (var mark in marks)
        {
            var index = Array.FindIndex(pods, p => p.Name == mark.Pod);
            Assert.True(pods[index].Cost is null || pods[index].IsOurs);
            pods[index] = pods[index] with { Cost = mark.Cost, IsOurs = mark.Cost is not null };
        }

        Assert.Empty(RemovalChoice.Marks(pods, leaving, hints));
    }).Holds(200);

    private static RemovalCandidate[] Pods(params string[] names) => [.. names.Select(n => new RemovalCandidate(n, Noon - TimeSpan.FromHours(1), IsReady: true, Noon))];

    private static PodFault Fault(string pod, PodFaultKind kind) => new() { Pod = pod, Kind = kind, Since = Noon, IsReady = true };

    private static string Text(IEnumerable<RemovalMark> marks) => string.Join(' ', marks.Select(Text));

    private static string Text(RemovalMark mark) => $"{mark.Pod}={mark.Cost}";
}
