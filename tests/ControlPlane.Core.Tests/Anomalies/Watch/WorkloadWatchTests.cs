using ControlPlane.Core.Anomalies;
using ControlPlane.Core.Anomalies.Thresholds;
using ControlPlane.Core.Anomalies.Watch;
using ControlPlane.Core.Forecasting.Neural;
using ControlPlane.Core.Metrics;
using ControlPlane.Core.Metrics.State;
using ControlPlane.Core.Workloads;

namespace ControlPlane.Core.Tests.Anomalies.Watch;

public sealed class WorkloadWatchTests
{
    private const int Day = 288;
    private const int Learnt = 10 * Day;
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(5);
    private static readonly WorkloadId Workload = WorkloadId.Parse("test/shop/deployment/web");

    [Fact]
    public void Update_LatencyAndErrorsRise_IsReportedWithStartBlameAndEnd()
    {
        var reports = Run(new WorkloadWatch(new WatchOptions(), Step), 0, Learnt + 60, (i, o) => IsBad(i) ? Bad(o) : o).Where(r => r.Time >= Time(Learnt)).ToList();

        Assert.Equal(2, reports.Count);
        Assert.All(reports, r => Assert.Equal((WorkloadWatch.SignalsKind, Workload), (r.Kind, r.Workload)));
        var (opened, ended) = (reports[0].Episode!, reports[1].Episode!);
        Assert.Null(opened.Ended);
        Assert.Equal(opened.Detected, ended.Detected);
        Assert.InRange(opened.Detected, Time(Learnt), Time(Learnt + 1));
        Assert.InRange(opened.Started, Time(Learnt - 3), opened.Detected);
        Assert.InRange(ended.Ended!.Value, Time(Learnt + 11), Time(Learnt + 45));
        Assert.Equal([SignalNames.ErrorRatio, SignalNames.LatencyP95], ended.Signals.Take(2).Select(s => s.Signal).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Update_DemandOfAnotherCourse_IsReportedAsDemand()
    {
        // A plateau within the usual range: no value is unusual for its hour by much, the course is.
        var watch = new WorkloadWatch(new WatchOptions { FalseAlarmsPerMonth = 10 }, Step);
        var reports = Run(watch, 0, Learnt + Day, (i, o) => i < Learnt ? o : o with { Demand = 60, Utilization = null, LatencyP95Seconds = null, ErrorRatio = null });

        Assert.Contains(reports, r => r.Kind == WorkloadWatch.DemandKind && r.Time >= Time(Learnt));
    }

    [Fact]
    public void Update_HealthyWeeks_ReportsNotMoreOftenThanStated()
    {
        var watch = new WorkloadWatch(new WatchOptions { FalseAlarmsPerMonth = 2 }, Step);
        var opened = Run(watch, 0, 36 * Day, (_, o) => o).Count(r => r.Episode!.Ended is null);

        Assert.InRange(opened, 0, 5);
        Assert.All(watch.Overview.Detectors, d => Assert.Equal(DetectorStatus.Ready, d.Status));
        Assert.Equal(opened, watch.Overview.Anomalies.Length);
    }

    [Fact]
    public void Update_MissingAndNonFiniteSignals_ReportNothing()
    {
        var watch = new WorkloadWatch(new WatchOptions(), Step);
        double?[] unknown = [null, double.NaN, double.PositiveInfinity, -1, double.NegativeInfinity];
        var reports = Run(watch, 0, Learnt + Day, (i, o) => i < Learnt ? o : o with { Demand = unknown[i % 5], Utilization = null, ErrorRatio = unknown[(i + 1) % 3], LatencyP95Seconds = unknown[(i + 2) % 5] });

        Assert.DoesNotContain(reports, r => r.Time >= Time(Learnt));
    }

    [Fact]
    public void Update_FrozenSignals_ReportNothing()
    {
        var frozen = Observe(0, new SeededNoise(1));
        Assert.Empty(Run(new WorkloadWatch(new WatchOptions(), Step), 0, 12 * Day, (i, _) => frozen with { Time = Time(i) }));
    }

    [Fact]
    public void Update_RepeatedOrOlderStep_ChangesNothing()
    {
        var (watch, noise) = (new WorkloadWatch(new WatchOptions(), Step), new SeededNoise(1));
        watch.Update(Observe(5, noise));
        var before = watch.Save();
        watch.Update(Observe(5, noise));
        watch.Update(Observe(4, noise));
        Assert.Equal(before, watch.Save());
    }

    [Fact]
    public void SaveLoad_MidEpisode_KnowsTheSameAndEndsItOnce()
    {
        var watch = new WorkloadWatch(new WatchOptions(), Step);
        Run(watch, 0, Learnt + 6, (i, o) => IsBad(i) ? Bad(o) : o);
        var bytes = watch.Save();
        var loaded = WorkloadWatch.Load(bytes, new WatchOptions());

        Assert.Equal(bytes, loaded.Save());
        Assert.Equal(CoreJson.ToBytes(watch.Overview), CoreJson.ToBytes(loaded.Overview));
        var id = watch.Overview.Anomalies[0].Id;
        var ended = Assert.Single(Run(loaded, Learnt + 6, Learnt + 60, (i, o) => IsBad(i) ? Bad(o) : o));
        Assert.Equal((id, ended.Episode!.Ended), (loaded.Overview.Anomalies[0].Id, loaded.Overview.Anomalies[0].Episode.Ended));
        bytes[200] ^= 1;
        Assert.Throws<InvalidDataException>(() => WorkloadWatch.Load(bytes, new WatchOptions()));
    }

    [Fact]
    public void Load_FormatBeforeTheDays_KeepsAllButTheDaysWhichStartAnew()
    {
        var watch = new WorkloadWatch(new WatchOptions(), Step);
        Run(watch, 0, Learnt + 6, (i, o) => IsBad(i) ? Bad(o) : o);
        watch.Label(watch.Overview.Anomalies[0].Id, isReal: false);
        var (old, days) = InFormat1(watch.Save());
        var loaded = WorkloadWatch.Load(old, new WatchOptions());

        Assert.All(days, d => Assert.True(d >= DailyMaxima.FewestDays));
        Assert.Equal(CoreJson.ToBytes(watch.Overview), CoreJson.ToBytes(loaded.Overview));
        Assert.Equal((1.1, false), (loaded.Overview.Detectors[0].Factor, loaded.Overview.Anomalies[0].IsReal));
        var (again, none) = InFormat1(loaded.Save());
        Assert.Equal(old, again);
        Assert.Equal([0, 0], none);
        var ended = Assert.Single(Run(loaded, Learnt + 6, Learnt + 60, (i, o) => IsBad(i) ? Bad(o) : o));
        Assert.Equal(watch.Overview.Anomalies[0].Episode.Detected, ended.Episode!.Detected);
        Run(loaded, Learnt + 60, Learnt + 2 * Day + 1, (_, o) => o);
        Assert.Equal([2, 2], InFormat1(loaded.Save()).Days);
    }

    [Fact]
    public void Save_EveryStageOfLearning_FitsIn32KiB()
    {
        // A minute's step is what most services have.
        var (watch, noise, largest) = (new WorkloadWatch(new WatchOptions { FalseAlarmsPerMonth = 30 }, TimeSpan.FromSeconds(15)), new SeededNoise(3), 0);
        for (var i = 0; i < 7 * 1440; i++)
        {
            watch.Update(Observe(i / 5.0, noise) with { Time = Time(0).AddMinutes(i), Step = TimeSpan.FromMinutes(1) });
            if (i % 60 == 0) largest = Math.Max(largest, watch.Save().Length);
        }

        Assert.InRange(largest, 1, 32 * 1024);
    }

    [Fact]
    public void Label_ConfirmAndDismiss_MoveTheThresholdOnceAndAreKept()
    {
        var watch = new WorkloadWatch(new WatchOptions(), Step);
        Run(watch, 0, Learnt + 20, (i, o) => IsBad(i) ? Bad(o) : o);
        var (id, threshold) = (watch.Overview.Anomalies[0].Id, watch.Overview.Detectors[0].Factor);

        Assert.Equal(1, threshold);
        Assert.Null(watch.Label("signals@20000101T000000Z", isReal: false));
        for (var i = 0; i < 3; i++) Assert.False(watch.Label(id, isReal: false)!.IsReal);
        Assert.Equal(1.1, watch.Overview.Detectors[0].Factor, 9);
        Assert.Equal(1, watch.Overview.Detectors[1].Factor);
        Assert.True(watch.Label(id, isReal: true)!.IsReal);
        var loaded = WorkloadWatch.Load(watch.Save(), new WatchOptions()).Overview;
        Assert.Equal((1.1 * 0.97, true), (Math.Round(loaded.Detectors[0].Factor, 9), loaded.Anomalies[0].IsReal));
    }

    [Fact]
    public void Means_StepsOfAMinute_AreAveragedAndBrokenMinutesDropped()
    {
        var (means, filled, start) = (new SignalMeans(2, TimeSpan.FromMinutes(1)), new double[2], Time(0));
        var step = TimeSpan.FromSeconds(15);
        double[][] minute = [[1, double.NaN], [2, 8], [3, double.PositiveInfinity], [6, double.NaN]];
        for (var i = 0; i < 3; i++) Assert.Null(means.Add(start + (i + 1) * step, step, minute[i], filled));
        Assert.Equal(start + 4 * step, means.Add(start + 4 * step, step, minute[3], filled));
        Assert.Equal([3, 8], filled);
        Assert.Null(means.Add(start + 5 * step, step, [100, 100], filled));
        Assert.Equal(start + 12 * step, means.Add(start + 12 * step, step, [4, 4], filled));
        Assert.Equal([4, 4], filled);
    }

    /// <summary>A state as it was written before it had the days' maxima, and how many days each of the two detectors had.</summary>
    private static (byte[] Bytes, long[] Days) InFormat1(byte[] bytes)
    {
        var reader = new StateReader(bytes, "ANWA", 2, "a watch");
        var writer = new StateWriter("ANWA", 1);
        writer.Write(reader.ReadInt64());
        writer.Write(reader.ReadInt64());
        long[] days = [Line(ref reader, writer, signals: 4), Line(ref reader, writer, signals: 1)];
        var anomalies = reader.ReadCount(1);
        writer.Write(anomalies);
        for (var i = 0; i < anomalies; i++) WatchedAnomalyState.Save(writer, WatchedAnomalyState.Load(ref reader));
        reader.End();
        return (writer.ToBytes(), days);
    }

    /// <summary>Means, episodes, detector, factor of the labels and the last verdict are copied; the days are left out and counted.</summary>
    private static long Line(ref StateReader reader, StateWriter writer, int signals)
    {
        writer.Write(reader.ReadInt64());
        for (var i = 0; i < signals; i++) writer.Write(reader.ReadDouble());
        for (var i = 0; i < signals; i++) writer.Write(reader.ReadInt32());
        writer.WriteBlock(reader.ReadBlock());
        writer.WriteBlock(reader.ReadBlock());
        writer.Write(reader.ReadDouble());
        writer.Write(reader.ReadInt32());
        writer.Write(reader.ReadDouble());
        writer.Write(reader.ReadDouble());
        var count = reader.ReadInt64();
        reader.ReadInt64();
        reader.ReadInt32();
        reader.ReadSingle();
        for (var i = 0; i < count; i++) reader.ReadSingle();
        return count;
    }

    /// <summary>Lets steps pass; all reports.</summary>
    private static List<AnomalyReport> Run(WorkloadWatch watch, int from, int to, Func<int, Observation, Observation> change)
    {
        var reports = new List<AnomalyReport>();
        var noise = new SeededNoise(7);
        for (var i = 0; i < to; i++)
        {
            var observation = Observe(i, noise);
            if (i >= from) reports.AddRange(watch.Update(change(i, observation)));
        }

        return reports;
    }

    private static bool IsBad(int step) => step is >= Learnt and < Learnt + 12;

    private static Observation Bad(Observation o) => o with { LatencyP95Seconds = 6 * o.LatencyP95Seconds, ErrorRatio = 0.2 };

    private static DateTimeOffset Time(int step) => new DateTimeOffset(2026, 1, 5, 0, 0, 0, TimeSpan.Zero) + (step + 1) * Step;

    /// <summary>Demand by the hour; utilization and latency follow it; a few errors.</summary>
    private static Observation Observe(double step, SeededNoise noise)
    {
        var demand = 100 + 60 * Math.Sin(2 * Math.PI * step / Day) + 4 * noise.NextNormal();
        return new Observation
        {
            Workload = Workload,
            Time = Time((int)step),
            Step = Step,
            Demand = demand,
            Utilization = 0.5 + 0.001 * demand + 0.02 * noise.NextNormal(),
            LatencyP95Seconds = (0.1 + 0.0005 * demand) * Math.Exp(0.05 * noise.NextNormal()),
            ErrorRatio = 0.002 * Math.Abs(noise.NextNormal()),
        };
    }
}
