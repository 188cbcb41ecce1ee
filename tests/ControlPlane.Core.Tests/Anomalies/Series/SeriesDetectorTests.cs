using ControlPlane.Core.Anomalies;
using ControlPlane.Core.Anomalies.Series;
using FsCheck.Fluent;

namespace ControlPlane.Core.Tests.Anomalies.Series;

public sealed class SeriesDetectorTests
{
    private static readonly SeriesDetectorOptions Options = new() { WarmUpSteps = 225 };
    private static readonly int[] Picked = [225, 300, 500, 700, 899, 900, 901, 1000, 1199, 1200, 1210, 1259, 1300, 1400, 1405, 1499];

    [Fact]
    public void Update_WaveWithThreeAnomalies_MatchesTheIndependentDetector()
    {
        var verdicts = Run(new SeriesDetector(Options), AnomalyGolden.Series());

        // Single precision moves a residual to another bin now and then.
        AnomalyGolden.AssertNear(AnomalyGolden.Read("detector.score"), [.. Picked.Select(i => verdicts[i].Score)], 0.02);
        Assert.Equal(AnomalyGolden.Read("detector.alarms"), verdicts.Select((v, i) => (v, i)).Where(p => p.v.IsAlarm).Select(p => (double)p.i));
    }

    [Fact]
    public void Contributions_EveryStep_SumToTheScore()
    {
        var detector = new SeriesDetector(Options);
        var values = AnomalyGolden.Series();
        for (var i = 0; i < values.Length; i++)
        {
            var verdict = detector.Update(AnomalyGolden.Time(i), values[i]);
            if (verdict.Status == DetectorStatus.Ready) Assert.Equal(verdict.Score, detector.Contributions.ToArray().Sum(), 12);
        }

        Assert.Equal(SeriesDetector.Parts, Enum.GetValues<SeriesPart>().Length);
    }

    [Fact]
    public void Update_ValuesOfAnotherUnitAndLevel_AlarmAtTheSameSteps()
    {
        // Nothing may depend on the unit of the signal: only its own past says what is large.
        var values = AnomalyGolden.Series();
        var plain = Alarms(Run(new SeriesDetector(Options), values));
        Assert.Equal(plain, Alarms(Run(new SeriesDetector(Options), [.. values.Select(v => 1e6 * v)])));
        Assert.Equal(plain, Alarms(Run(new SeriesDetector(Options), [.. values.Select(v => v / 1024)])));
    }

    [Fact]
    public void Update_UnknownValuesInBetween_AreSkippedAndChangeNothing()
    {
        var (plain, gappy) = (new SeriesDetector(Options), new SeriesDetector(Options));
        var values = AnomalyGolden.Series();
        for (var i = 0; i < values.Length; i++)
        {
            foreach (var unknown in (double?[])[null, double.NaN, double.PositiveInfinity])
                Assert.Equal(DetectorStatus.Unknown, gappy.Update(AnomalyGolden.Time(i), unknown).Status);
            Assert.Equal(plain.Update(AnomalyGolden.Time(i), values[i]), gappy.Update(AnomalyGolden.Time(i), values[i]));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(1e300)]
    public void Update_FrozenSignal_NeverAlarms(double value) => Assert.Empty(Alarms(Run(new SeriesDetector(Options), [.. Enumerable.Repeat(value, 1_500)])));

    [Fact]
    public void Update_ExtremeValues_StayFinite()
    {
        double[] values = [.. AnomalyGolden.Series().Select((v, i) => (i % 97) switch { 0 => double.MaxValue, 1 => -double.MaxValue, 2 => double.Epsilon, _ => v })];
        Assert.All(Run(new SeriesDetector(Options), values), v => Assert.True(double.IsFinite(v.Score)));
    }

    [Theory]
    [InlineData(100)]
    [InlineData(225)]
    [InlineData(1_100)]
    public void SaveLoad_Midway_ContinuesBitByBit(int at)
    {
        var first = new SeriesDetector(Options);
        var values = AnomalyGolden.Series();
        for (var i = 0; i < at; i++) first.Update(AnomalyGolden.Time(i), values[i]);
        var second = new SeriesDetector(Options);
        second.Load(first.Save());
        for (var i = at; i < values.Length; i++) Assert.Equal(first.Update(AnomalyGolden.Time(i), values[i]), second.Update(AnomalyGolden.Time(i), values[i]));
        Assert.Equal(first.Save(), second.Save());
    }

    [Fact]
    public void Save_AfterALongTime_IsSmall()
    {
        var detector = new SeriesDetector(new SeriesDetectorOptions { WarmUpSteps = 750 });
        var noise = AnomalyGolden.Uniforms(8_000, 11);
        var largest = 0;
        for (var i = 0; i < noise.Length; i++)
        {
            detector.Update(AnomalyGolden.Time(i), noise[i]);
            if (i % 700 == 0) largest = Math.Max(largest, detector.Save().Length);
        }

        Assert.InRange(largest, 1, 22 * 1024);
    }

    [Fact]
    public void Load_DamagedOrForeignState_IsRefused()
    {
        var bytes = new SeriesDetector(Options).Save();
        bytes[40] ^= 1;
        Assert.Throws<InvalidDataException>(() => new SeriesDetector(Options).Load(bytes));
        Assert.Throws<InvalidDataException>(() => new SeriesDetector(Options).Load([1, 2, 3]));
        Assert.Throws<InvalidDataException>(() => new SeriesDetector(Options with { WarmUpSteps = 300 }).Load(new SeriesDetector(Options).Save()));
    }

    [Fact]
    public void Update_FutureDiffers_PastVerdictsDoNot()
    {
        var values = AnomalyGolden.Series();
        Prop.ForAll(Gen.Choose(230, 1_400).ToArbitrary(), cut =>
        {
            double[] other = [.. values.Select((v, i) => i < cut ? v : 3 * v)];
            var (a, b) = (Run(new SeriesDetector(Options), values[..(cut + 40)]), Run(new SeriesDetector(Options), other[..(cut + 40)]));
            return a[..cut].SequenceEqual(b[..cut]);
        }).Holds(tests: 8);
    }

    [Theory]
    [InlineData(300, 720)]
    [InlineData(60, 750)]
    [InlineData(3600, 240)]
    public void ForStep_LengthOfAStep_Is60HoursWithinBounds(int seconds, int expected) => Assert.Equal(expected, SeriesDetectorOptions.ForStep(TimeSpan.FromSeconds(seconds)).WarmUpSteps);

    [Theory]
    [InlineData(0)]
    [InlineData(751)]
    public void New_WarmUpOutOfRange_IsRefused(int steps) => Assert.Throws<ArgumentOutOfRangeException>(() => new SeriesDetector(new SeriesDetectorOptions { WarmUpSteps = steps }));

    [Fact]
    public void Labels_DismissedOften_RaiseTheThresholdWithinBounds()
    {
        var labels = OperatorLabels.None;
        for (var i = 0; i < 3; i++) labels = labels.Dismiss();
        var detector = new SeriesDetector(Options);
        var ordinary = Alarms(Run(detector, AnomalyGolden.Series()));
        var strict = new SeriesDetector(Options) { Threshold = Options.Threshold * 100 };

        Assert.NotEmpty(ordinary);
        Assert.Empty(Alarms(Run(strict, AnomalyGolden.Series())));
        Assert.InRange(labels.Factor, 1.3, 1.4);
        Assert.True(labels.Confirm().Factor < labels.Factor);
        for (var i = 0; i < 100; i++) labels = labels.Dismiss();
        Assert.Equal(2, labels.Factor);
        for (var i = 0; i < 100; i++) labels = labels.Confirm();
        Assert.Equal(0.7, labels.Factor);
    }

    private static SeriesVerdict[] Run(SeriesDetector detector, double[] values) => [.. values.Select((v, i) => detector.Update(AnomalyGolden.Time(i), v))];

    private static int[] Alarms(SeriesVerdict[] verdicts) => [.. Enumerable.Range(0, verdicts.Length).Where(i => verdicts[i].IsAlarm)];
}
