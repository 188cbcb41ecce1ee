using ControlPlane.Core.Forecasting.LeadTime;
using FsCheck.Fluent;

namespace ControlPlane.Core.Tests.Forecasting.LeadTime;

public sealed class RecordTests
{
    private const int Steps = 4;
    private const int Day = 5760;
    private const int Hour = 240;
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(15);
    private static readonly float[] Levels = [.. Enumerable.Range(1, 199).Select(i => i / 200f)];

    /// <summary>Anything from 0 to 10, evenly.</summary>
    private static readonly float[] Plain = [.. Levels.Select(level => 10 * level)];

    [Fact]
    public void Greatest_ThreeDays_ThenForgotten()
    {
        var records = new DemandRecords(Step);
        Add(records, 0, 1, 7);
        Add(records, 1, 3 * Day - Hour, 2);
        Assert.Equal(7, records.Greatest());
        Add(records, 3 * Day + Hour, 3 * Day + Hour + 1, 3);
        Assert.Equal(3, records.Greatest());
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(-120, 5)]
    [InlineData(150, 5)]
    [InlineData(-150, 1)]
    [InlineData(170, 1)]
    public void GreatestAround_TimeOfDay_IsOfTheDaysBefore(int offset, float greatest)
    {
        // A step of 5 at noon of the first day, calm since.
        var noon = Day / 2 + 20;
        for (var days = 1; days <= 3; days++)
        {
            var records = new DemandRecords(Step);
            Add(records, 0, days * Day + noon - 300, 1, noon, 5);
            Assert.Equal(greatest, records.GreatestAround(days * Day + noon + offset));
        }
    }

    [Fact]
    public void GreatestAround_LastHour_Counts()
    {
        var records = new DemandRecords(Step);
        Add(records, 0, Day, 1);
        Add(records, Day, Day + 1, 4);
        Add(records, Day + 1, Day + Hour - 60, 2);
        Assert.Equal(4, records.GreatestAround(Day + Hour));
        Add(records, Day + Hour - 60, Day + 2 * Hour, 2);
        Assert.Equal(2, records.GreatestAround(Day + 2 * Hour + 60));
    }

    [Fact]
    public void Records_AnyDemandAndGaps_AreThoseOfThePlainList()
    {
        var steps = Gen.Choose(1, 400).Zip(Gen.Choose(0, 100));
        Prop.ForAll(steps.ListOf(200).ToArbitrary(), list =>
        {
            var records = new DemandRecords(Step);
            var seen = new List<(long Bin, float X)>();
            long step = 10 * Day;
            foreach (var (gap, x) in list)
            {
                step += gap;
                records.Add(step, x);
                seen.Add((step / 60, x));
                var now = step / 60;
                Assert.Equal(seen.Where(s => s.Bin > now - (3 * 96 + 3)).Max(s => s.X), records.Greatest());
                var asked = (step + Steps) / 60;
                bool IsNear(long bin) => bin > now - 4 || Enumerable.Range(1, 3).Any(d => Math.Abs(bin - (asked - d * 96)) <= 2);
                Assert.Equal(seen.Where(s => IsNear(s.Bin)).Max(s => s.X), records.GreatestAround(step + Steps));
            }
        }).Holds(40);
    }

    [Fact]
    public void Apply_NeverBroken_TakesTheTailAwayMoreAndMore()
    {
        var tail = new RecordTail(Step, Steps, Levels);
        var last = 1.0;
        for (var trial = 0; trial < 30; trial++)
        {
            var values = Told(tail, trial, 8.5f, 2);
            Assert.Equal(Plain[..169], values[..169]);
            var beyond = Share(values, 9);
            Assert.True(beyond < last, $"{trial}: {beyond} after {last}");
            last = beyond;
        }

        // It was 0.1, and 0.15 were foretold beyond the record 29 times.
        Assert.Equal(0.1 / (1 + 29 * 0.15), last, 0.003);
    }

    [Fact]
    public void Apply_BrokenAsForetoldOrMore_LeavesIt()
    {
        var tail = new RecordTail(Step, Steps, Levels);
        for (var trial = 0; trial < 100; trial++)
        {
            var values = Told(tail, trial, 8.5f, trial % 5 == 4 ? 9 : 2);
            Assert.InRange(Share(values, 9), trial > 20 ? 0.09 : 0.05, 0.1001);
        }
    }

    [Fact]
    public void Apply_RecordAboveAll_ChangesNothingAndCountsNothing()
    {
        var tail = new RecordTail(Step, Steps, Levels);
        for (var trial = 0; trial < 50; trial++) Assert.Equal(Plain, Told(tail, trial, 9.95f, 2));
        Assert.Equal(0.1, Share(Told(tail, 50, 8.5f, 2), 9), 0.001);
    }

    [Fact]
    public void Apply_RecordBelowAll_SaysNothingBetweenItAndTheLeast()
    {
        var tail = new RecordTail(Step, Steps, Levels);
        for (var trial = 0; trial < 30; trial++)
        {
            Told(tail, trial, 8.5f, 2);
            var values = Plain.ToArray();
            tail.Foretell(1_000_000, true, -5, values);
            Assert.Contains(-5, values);
            Assert.All(values, value => Assert.True(value == -5 || value >= Plain[0], $"{value}"));
        }
    }

    [Fact]
    public void Apply_AnyQuantilesAndRecord_StaysAscendingAndNotAbove()
    {
        var cases = Gen.Choose(-10, 110).Zip(Gen.Choose(0, 20).ListOf(Levels.Length)).Zip(Gen.Choose(0, 40));
        Prop.ForAll(cases.ToArbitrary(), scene =>
        {
            var ((record, gaps), trials) = scene;
            var tail = new RecordTail(Step, Steps, Levels);
            for (var trial = 0; trial < trials; trial++) Told(tail, trial, 8.5f, 2);
            var plain = new float[Levels.Length];
            for (var q = 0; q < plain.Length; q++) plain[q] = (q == 0 ? 0 : plain[q - 1]) + gaps[q] / 200f;
            var values = plain.ToArray();
            tail.Foretell(1_000_000, true, record / 10f, values);
            for (var q = 0; q < values.Length; q++)
            {
                Assert.True(values[q] <= plain[q] + 1e-5, $"{q}: {values[q]} above {plain[q]}");
                Assert.True(values[q] >= Math.Min(plain[q], record / 10f) - 1e-5, $"{q}: {values[q]} below the record");
                if (q > 0) Assert.True(values[q] >= values[q - 1] - 1e-5, $"{q}: {values[q]} after {values[q - 1]}");
            }
        }).Holds(300);
    }

    /// <summary>Foretells the plain quantiles at all steps of a trial and counts the same outcome for each; the last forecast.</summary>
    private static float[] Told(RecordTail tail, int trial, float record, double outcome)
    {
        float[] values = [];
        for (var i = 0; i < Steps; i++)
        {
            values = [.. Plain];
            tail.Foretell(2 * trial * Steps + i, true, record, values);
        }

        for (var i = 0; i < Steps; i++) tail.Learn((2 * trial + 1) * Steps + i, outcome);
        return values;
    }

    private static double Share(float[] values, float least)
    {
        for (var q = values.Length - 1; q > 0; q--)
        {
            if (values[q - 1] < least && values[q] >= least)
                return 1 - (Levels[q - 1] + (least - values[q - 1]) / (values[q] - values[q - 1]) * (Levels[q] - Levels[q - 1]));
        }

        return values[0] >= least ? 1 : 1 - Levels[^1];
    }

    private static void Add(DemandRecords records, int from, int to, double x, int special = -1, double specialX = 0)
    {
        for (var step = from; step < to; step++) records.Add(step, step == special ? specialX : x);
    }
}
