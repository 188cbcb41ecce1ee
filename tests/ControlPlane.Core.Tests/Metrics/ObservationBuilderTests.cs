using System.Collections.Immutable;
using ControlPlane.Core.Metrics;
using ControlPlane.Core.Workloads;
using FsCheck.Fluent;

namespace ControlPlane.Core.Tests.Metrics;

public sealed class ObservationBuilderTests
{
    private static readonly WorkloadId Id = WorkloadId.Parse("c/n/deployment/w");
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(15);
    private static readonly DateTimeOffset End = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Close_NothingKnown_NamesEverythingMissing()
    {
        var observation = new ObservationBuilder().Close(Id, End, Step, null, [], [SignalNames.Cpu, SignalNames.Demand]);
        Assert.Equal("demand replicas pods cpu", string.Join(' ', observation.MissingSignals));
        Assert.Null(observation.Demand);
        Assert.Null(observation.FilteredDemand);
        Assert.Null(observation.CurrentReplicas);
        Assert.Null(observation.ReadyReplicas);
        Assert.Null(observation.Utilization);
        Assert.Null(observation.StartupSeconds);
    }

    [Fact]
    public void Close_FullReading_FillsEveryMember()
    {
        var reading = Reading(
            [Pod("a", true), Pod("b", true), Pod("c", false), Pod("d", true) with { IsTerminating = true }],
            [Sample(SignalNames.Demand, 100), Sample(SignalNames.LatencyP95, 0.2, "a"), Sample(SignalNames.LatencyP95, 0.7, "b")]);
        PodMetricSummary cpu = new() { Metric = SignalNames.Cpu, ReadyPods = 2, UsageMilli = 600, RequestMilli = 1000 };

        var observation = new ObservationBuilder().Close(Id, End, Step, reading, [cpu], [SignalNames.Cpu]);

        Assert.Equal((End, Step, 100.0, 100.0), (observation.Time, observation.Step, observation.Demand, observation.FilteredDemand));
        Assert.Equal((4, 2, 0.6), (observation.CurrentReplicas, observation.ReadyReplicas, observation.Utilization));
        Assert.Equal(0.7, observation.LatencyP95Seconds);
        Assert.Null(observation.LatencyP50Seconds);
        Assert.Empty(observation.MissingSignals);
    }

    [Fact]
    public void Close_DemandOfPods_IsSummedUnlessTooFewReported()
    {
        ImmutableArray<PodStatus> five = [.. Enumerable.Range(0, 5).Select(i => Pod($"p{i}", true))];
        var all = Enumerable.Range(0, 5).Select(i => Sample(SignalNames.Demand, 10, $"p{i}")).ToArray();

        Assert.Equal(50, Demand(five, all));
        Assert.Equal(50, Demand(five, all[..4]));
        Assert.Null(Demand(five, all[..3]));
        Assert.Equal(7, Demand(five, [.. all, Sample(SignalNames.Demand, 7)]));
    }

    [Fact]
    public void Close_OnlySuspectDemand_IsKeptAndNamedMissing()
    {
        var reading = Reading([], [Sample(SignalNames.Demand, 5) with { Quality = SampleQuality.Suspect }]);
        var observation = new ObservationBuilder().Close(Id, End, Step, reading, [], []);
        Assert.Equal(5, observation.Demand);
        Assert.Contains(SignalNames.Demand, observation.MissingSignals);
    }

    [Fact]
    public void Close_Outlier_ChangesOnlyTheModelsDemand()
    {
        var builder = new ObservationBuilder();
        for (var i = 0; i < 40; i++) CloseWith(builder, i, 100 + i % 3);
        var observation = CloseWith(builder, 40, 90_000);
        Assert.Equal(90_000, observation.Demand);
        Assert.InRange(observation.FilteredDemand!.Value, 100, 200);
        Assert.Equal(1, builder.Counts.Outliers);
    }

    [Fact]
    public void Close_SamplesInAnyOrderAndTwice_GivesTheSameDemand() =>
        Prop.ForAll<double[], int>((values, seed) =>
        {
            var samples = values.Where(double.IsFinite).Select((value, i) => Sample(SignalNames.Demand, Math.Abs(value) % 1e9, $"p{i}")).ToArray();
            var shuffled = samples.Concat(samples).ToArray();
            new Random(seed).Shuffle(shuffled);
            return Demand(null, samples) == Demand(null, shuffled);
        }).Holds();

    [Fact]
    public void Close_PushedAndReadSamples_CountOnceInTheOpenStepOnly()
    {
        var builder = new ObservationBuilder();
        builder.Push(Sample(SignalNames.Demand, 30), End - Step, End);
        Assert.Equal(30, builder.Close(Id, End, Step, Reading([], [Sample(SignalNames.Demand, 30)]), [], []).Demand);
        Assert.Null(builder.Close(Id, End + Step, Step, null, [], []).Demand);
        Assert.Equal(1, builder.Counts.Duplicate);
    }

    [Fact]
    public void Load_OfSavedState_GoesOnAlike()
    {
        var builder = new ObservationBuilder();
        for (var i = 0; i < 50; i++) CloseWith(builder, i, 100 + i % 5);
        var loaded = ObservationBuilder.Load(builder.Save().AsSpan());
        Assert.Equal(CloseWith(builder, 50, 5000).FilteredDemand, CloseWith(loaded, 50, 5000).FilteredDemand);
        Assert.True(builder.Save().SequenceEqual(loaded.Save()));
        Assert.Throws<InvalidDataException>(() => ObservationBuilder.Load(new MetricWindow(Step).Save().AsSpan()));
    }

    [Fact]
    public void Close_PodSamplesOfASummarizedMetric_PassBy()
    {
        PodMetricSummary cpu = new() { Metric = SignalNames.Cpu, ReadyPods = 1, UsageMilli = 300, RequestMilli = 1000 };
        var builder = new ObservationBuilder();
        var reading = Reading([Pod("a", true)], [Sample(SignalNames.Demand, 9), Sample(SignalNames.Cpu, 0.3, "a"), Sample(SignalNames.Memory, 1e6, "a")]);
        Assert.Empty(builder.Close(Id, End, Step, reading, [cpu], [SignalNames.Cpu]).MissingSignals);
        Assert.Equal(1, builder.Counts.Seen);
    }

    [Fact]
    public void Close_CpuOnlyOfStartingPods_IsNotMissing()
    {
        PodMetricSummary cpu = new() { Metric = SignalNames.Cpu, UnreadyPods = 1 };
        var reading = Reading([Pod("a", false)], [Sample(SignalNames.Demand, 9), Sample(SignalNames.Cpu, 0.3, "a")]);
        Assert.Empty(new ObservationBuilder().Close(Id, End, Step, reading, [cpu], [SignalNames.Cpu]).MissingSignals);
    }

    private static double? Demand(ImmutableArray<PodStatus>? pods, MetricSample[] samples) =>
        new ObservationBuilder().Close(Id, End, Step, Reading(pods, samples), [], []).Demand;

    private static Observation CloseWith(ObservationBuilder builder, int i, double demand)
    {
        var sample = Sample(SignalNames.Demand, demand) with { Timestamp = End + i * Step };
        return builder.Close(Id, End + i * Step, Step, Reading([], [sample]), [], []);
    }

    private static WorkloadReading Reading(ImmutableArray<PodStatus>? pods, MetricSample[] samples) =>
        new() { Time = End, CurrentReplicas = 4, Pods = pods, Samples = [.. samples] };

    private static MetricSample Sample(string signal, double value, string? pod = null) =>
        new() { Signal = signal, Timestamp = End.AddSeconds(-3), Value = value, Pod = pod };

    private static PodStatus Pod(string name, bool ready) => new() { Name = name, Phase = PodPhase.Running, IsReady = ready };
}
