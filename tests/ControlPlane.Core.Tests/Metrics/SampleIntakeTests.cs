using System.Collections.Immutable;
using System.Text;
using ControlPlane.Core.Metrics;
using ControlPlane.Core.Metrics.Filters;
using ControlPlane.Core.Workloads;

namespace ControlPlane.Core.Tests.Metrics;

public sealed class SampleIntakeTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 10, TimeSpan.Zero);
    private static readonly DateTimeOffset Open = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, 1.0, SampleOutcome.Accepted)]
    [InlineData(0, double.NaN, SampleOutcome.NotFinite)]
    [InlineData(0, double.PositiveInfinity, SampleOutcome.NotFinite)]
    [InlineData(30, 1.0, SampleOutcome.Accepted)]
    [InlineData(31, 1.0, SampleOutcome.Future)]
    [InlineData(-130, 1.0, SampleOutcome.Accepted)]
    [InlineData(-131, 1.0, SampleOutcome.Late)]
    public void Admit_OneSample_HasTheOutcome(int secondsFromNow, double value, SampleOutcome expected)
    {
        var outcome = new SampleIntake(new IntakeOptions()).Admit(At(secondsFromNow, value), Open, Now, out var accepted);
        Assert.Equal(expected, outcome);
        Assert.Equal(expected == SampleOutcome.Accepted, accepted is not null);
    }

    [Fact]
    public void Admit_OtherOffset_BecomesUtcAndCountsAsTheSameMoment()
    {
        var intake = new SampleIntake(new IntakeOptions());
        var local = At(0, 1) with { Timestamp = Now.ToOffset(TimeSpan.FromHours(5.5)) };
        intake.Admit(local, Open, Now, out var accepted);
        Assert.Equal(TimeSpan.Zero, accepted!.Timestamp.Offset);
        Assert.Equal(SampleOutcome.Duplicate, intake.Admit(At(0, 1), Open, Now, out _));
        Assert.Equal(SampleOutcome.Accepted, intake.Admit(At(0, 1) with { Pod = "a" }, Open, Now, out _));
        Assert.Equal(new IntakeCounts(2, 0, 0, 0, 1, 0, 0), intake.Counts);
    }

    [Fact]
    public void Admit_SameSampleInTheNextStep_IsStillADuplicate()
    {
        var intake = new SampleIntake(new IntakeOptions());
        intake.Admit(At(0, 1), Open, Now, out _);
        intake.CloseStep(Open.AddSeconds(15));
        Assert.Equal(SampleOutcome.Duplicate, intake.Admit(At(0, 1), Open.AddSeconds(15), Now.AddSeconds(15), out _));
    }

    [Fact]
    public void Admit_PastTheBoundOfAStep_OverflowsUntilKeysAreForgotten()
    {
        var intake = new SampleIntake(new IntakeOptions { MaxSamplesPerStep = 3 });
        var outcomes = Enumerable.Range(0, 5).Select(i => intake.Admit(At(-i, 1), Open, Now, out _)).ToArray();
        Assert.Equal(2, outcomes.Count(outcome => outcome == SampleOutcome.Overflow));
        intake.CloseStep(Open.AddHours(1));
        Assert.Equal(SampleOutcome.Accepted, intake.Admit(At(3600, 1), Open.AddHours(1), Now.AddHours(1), out _));
    }

    [Fact]
    public void Apply_Labels_DropsDeniedAndHashesTheRest()
    {
        var anonymizer = new LabelAnonymizer(new IntakeOptions { LabelKey = [.. Encoding.UTF8.GetBytes("key")], DeniedLabels = ["Owner"] });
        ImmutableArray<WorkloadLabel> labels =
            [new() { Key = "team", Value = "shop" }, new() { Key = "owner", Value = "x" }, new() { Key = "app", Value = "shop" }];

        var kept = anonymizer.Apply(labels);

        Assert.Equal(["app", "team"], kept.Select(label => label.Key));
        Assert.NotEqual(kept[0].Value, kept[1].Value);
        Assert.Equal("57c16b59ff8755d6", kept[0].Value);
        Assert.Equal(kept.AsEnumerable(), anonymizer.Apply(labels));
        Assert.Equal((2, 4), (anonymizer.Removed, anonymizer.Hashed));
    }

    [Fact]
    public void Apply_WithoutAKey_LeavesValues() =>
        Assert.Equal("shop", new LabelAnonymizer(new IntakeOptions()).Apply([new() { Key = "team", Value = "shop" }])[0].Value);

    private static MetricSample At(int secondsFromNow, double value) =>
        new() { Signal = SignalNames.Demand, Timestamp = Now.AddSeconds(secondsFromNow), Value = value };
}
