using ControlPlane.Core.Anomalies;
using ControlPlane.Core.Anomalies.Signals;
using ControlPlane.Core.Forecasting.Neural;
using ControlPlane.Core.Workloads;

namespace ControlPlane.Core.Tests.Anomalies.Signals;

public sealed class SignalsDetectorTests
{
    private const int Day = 96;
    private static readonly SignalsDetectorOptions Options = new()
    {
        Signals = ["demand", "cpu", "latency", "errors"],
        Step = TimeSpan.FromMinutes(15),
        Settling = TimeSpan.FromDays(1),
        Learning = TimeSpan.FromDays(8),
    };

    [Fact]
    public void Update_TwoSignalsLeaveTheirDay_IsFoundWithTheRightBlameStartAndEnd()
    {
        var (detector, tracker) = (new SignalsDetector(Options), new EpisodeTracker(Options.Signals));
        var (noise, episodes) = (new SeededNoise(1), new List<AnomalyEpisode>());
        for (var i = 0; i < 14 * Day; i++)
        {
            var row = Row(i, noise);
            if (i is >= 1_200 and < 1_212) (row[2], row[3]) = (row[2] + 0.4, row[3] + 0.2);
            var verdict = detector.Update(Time(i), row);
            if (tracker.Update(Time(i), verdict, detector.Blame) is { } episode) episodes.Add(episode);
        }

        var found = episodes.Last(e => e.Peak >= episodes.Max(x => x.Peak));
        Assert.Equal(Time(1_200), found.Detected);
        Assert.InRange(found.Started, Time(1_196), Time(1_200));
        var ended = episodes.Single(e => e.Detected == found.Detected && e.Ended is not null).Ended;
        Assert.InRange(ended!.Value, Time(1_211), Time(1_260));
        Assert.Equal(["errors", "latency"], found.Signals.Take(2).Select(s => s.Signal).Order());
        Assert.Equal(1, found.Signals.Sum(s => s.Share), 9);
    }

    [Fact]
    public void Update_HealthyMonth_AlarmsNotMoreOftenThanStated()
    {
        var (detector, tracker, noise) = (new SignalsDetector(Options with { FalseAlarmsPerMonth = 3 }), new EpisodeTracker(Options.Signals), new SeededNoise(2));
        var anomalous = 0;
        for (var i = 0; i < 32 * Day; i++)
        {
            var verdict = detector.Update(Time(i), Row(i, noise));
            tracker.Update(Time(i), verdict, detector.Blame);
            if (verdict.IsAnomalous) anomalous++;
        }

        Assert.InRange(anomalous, 0, 9);
        Assert.False(tracker.IsOpen);
    }

    [Fact]
    public void Update_MissingAndNonFiniteSignals_AreNeitherHealthyNorAnomalous()
    {
        var (detector, noise) = (new SignalsDetector(Options), new SeededNoise(3));
        for (var i = 0; i < 10 * Day; i++)
        {
            var row = Row(i, noise);
            if (i > 5 * Day) row[1] = double.NaN;
            if (i > 6 * Day) row[2] = double.PositiveInfinity;
            var verdict = detector.Update(Time(i), row);
            Assert.True(double.IsFinite(verdict.Score));
            if (i > 6 * Day) Assert.Equal((0.0, 0.0), (detector.Blame[1], detector.Blame[2]));
        }

        Assert.Equal(SignalsVerdict.Unknown, detector.Update(Time(10 * Day), [double.NaN, double.NaN, double.NaN, double.NegativeInfinity]));
    }

    [Fact]
    public void Update_FrozenSignals_NeverAnomalous()
    {
        var detector = new SignalsDetector(Options);
        for (var i = 0; i < 20 * Day; i++) Assert.False(detector.Update(Time(i), [5, 0, 1e9, -3]).IsAnomalous);
    }

    [Fact]
    public void Update_LastDigitOfAFrozenSignal_IsNoNews()
    {
        var detector = new SignalsDetector(Options);
        for (var i = 0; i < 20 * Day; i++)
        {
            var verdict = detector.Update(Time(i), [5, i > 15 * Day ? 0.0009 : 0, 1, 1]);
            Assert.False(verdict.IsAnomalous);
            Assert.Equal(0, detector.Blame[1]);
        }
    }

    [Fact]
    public void Apply_DismissedLabels_RaiseTheThreshold()
    {
        var (plain, dismissed) = (new SignalsDetector(Options), new SignalsDetector(Options));
        var (a, b) = (new SeededNoise(4), new SeededNoise(4));
        dismissed.Apply(OperatorLabels.None.Dismiss());
        SignalsVerdict one = default, other = default;
        for (var i = 0; i < 12 * Day; i++) (one, other) = (plain.Update(Time(i), Row(i, a)), dismissed.Update(Time(i), Row(i, b)));

        Assert.Equal(one.Score, other.Score);
        Assert.Equal(1.1 * one.Threshold, other.Threshold, 9);
    }

    [Fact]
    public void SaveLoad_AfterLearning_ContinuesAndMostSignalsFitIn32KiB()
    {
        var options = Options with { Signals = [.. Enumerable.Range(1, SignalsDetectorOptions.MostSignals).Select(i => $"m{i}")], Learning = TimeSpan.FromDays(2) };
        var (first, second, noise) = (new SignalsDetector(options), new SignalsDetector(options), new SeededNoise(5));
        double[] Wide() => [.. Enumerable.Range(0, SignalsDetectorOptions.MostSignals).Select(_ => noise.NextNormal())];
        for (var i = 0; i < 8 * Day; i++) first.Update(Time(i), Wide());
        var bytes = first.Save();
        second.Load(bytes);

        Assert.InRange(bytes.Length, 1, 32 * 1024);
        Assert.Equal(bytes, second.Save());
        var row = Wide();
        Assert.Equal(first.Update(Time(8 * Day), row), second.Update(Time(8 * Day), row));
        bytes[100] ^= 1;
        Assert.Throws<InvalidDataException>(() => second.Load(bytes));
        Assert.Throws<InvalidDataException>(() => new SignalsDetector(Options).Load(first.Save()));
    }

    [Fact]
    public void Autoencoder_SignalsThatMoveTogether_MarksThatTheyPart()
    {
        var (network, noise) = (new WindowAutoencoder(3), new SeededNoise(6));
        double[] Together() => noise.NextNormal() is var x ? [x, 2 * x + 0.05 * noise.NextNormal(), -x] : [];
        var ordinary = 0.0;
        for (var i = 0; i < 4_000; i++)
        {
            network.Add(Together());
            if (!network.IsReady) continue;
            ordinary = 0.99 * ordinary + 0.01 * network.Error();
            network.Learn(i / 4_000.0);
        }

        // Each value is usual for its signal.
        for (var i = 0; i < 4; i++) network.Add([1, -2, -1]);
        Assert.True(network.Error() > 2 * ordinary);
    }

    [Fact]
    public void Report_Episode_NamesSignalsStartAndEnd()
    {
        var episode = new AnomalyEpisode { Started = Time(4), Detected = Time(5), Ended = Time(9), Peak = 12, Threshold = 8, Signals = [new("latency", 0.75), new("errors", 0.25)] };
        var report = EpisodeTracker.Report(WorkloadId.Parse("c/ns/deployment/web"), episode);

        Assert.Equal(["latency carries 75% of it", "errors carries 25% of it", "began 1970-01-01 01:00:00 UTC", "over since 1970-01-01 02:15:00 UTC"], report.Evidence.Select(e => e.Replace(" %", "%", StringComparison.Ordinal)));
        Assert.Equal((12.0, 8.0, Time(9)), (report.Score, report.Threshold, report.Time));
    }

    [Fact]
    public void Tracker_SavedMidEpisode_EndsItTheSame()
    {
        var (first, second) = (new EpisodeTracker(["a", "b"], 3), new EpisodeTracker(["a", "b"], 3));
        SignalsVerdict Verdict(double score) => new(DetectorStatus.Ready, score, 10, score > 10);
        double[] blame = [1, 3];
        Assert.Null(first.Update(Time(0), Verdict(1), blame));
        Assert.Null(first.Update(Time(1), Verdict(6), blame));
        Assert.Equal(Time(1), first.Update(Time(2), Verdict(11), blame)!.Started);
        second.Load(first.Save());
        foreach (var tracker in (EpisodeTracker[])[first, second])
        {
            for (var i = 3; i < 5; i++) Assert.Null(tracker.Update(Time(i), Verdict(0), blame)!.Ended);
            Assert.True(tracker.IsOpen);
            Assert.Equal((Time(2), 11.0), (tracker.Update(Time(5), SignalsVerdict.Unknown, blame)!.Detected, tracker.Update(Time(5), Verdict(0), blame)!.Peak));
            Assert.False(tracker.IsOpen);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(39)]
    public void New_WrongNumberOfSignals_IsRefused(int count) =>
        Assert.Throws<ArgumentException>(() => new SignalsDetector(Options with { Signals = [.. Enumerable.Range(0, count).Select(i => $"m{i}")] }));

    private static DateTimeOffset Time(int step) => DateTimeOffset.UnixEpoch.AddMinutes(15 * step);

    /// <summary>Demand by the hour; processor and latency follow it; a few errors.</summary>
    private static double[] Row(int step, SeededNoise noise)
    {
        var demand = 0.5 + 0.3 * Math.Sin(2 * Math.PI * step / Day) + 0.02 * noise.NextNormal();
        return [demand, 0.8 * demand + 0.02 * noise.NextNormal(), 0.1 + 0.2 * demand * demand + 0.01 * noise.NextNormal(), 0.01 + 0.003 * Math.Abs(noise.NextNormal())];
    }
}
