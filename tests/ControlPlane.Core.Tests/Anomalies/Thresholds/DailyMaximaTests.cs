using ControlPlane.Core.Anomalies.Thresholds;
using ControlPlane.Core.Forecasting.Neural;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Tests.Anomalies.Thresholds;

public sealed class DailyMaximaTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public void Next_ScoresThatRiseTogether_ExceedsOnTheStatedShareOfDays()
    {
        // A level of the day and the hour's noise: single steps say little about a day.
        var (days, noise, above) = (new DailyMaxima(3, Hour), new SeededNoise(1), 0);
        const int Days = 4000;
        for (var day = 0; day < Days; day++)
        {
            var (level, isAbove) = (-Math.Log(1 - noise.NextDouble()), false);
            for (var hour = 0; hour < 24; hour++)
            {
                var score = level + 0.2 * noise.NextDouble();
                isAbove |= score > days.Next(Start + (24 * day + hour) * Hour, score);
            }

            above += isAbove ? 1 : 0;
        }

        Assert.InRange(above / (double)Days, 0.06, 0.16);
    }

    [Fact]
    public void Next_FewDaysOrHalfDays_HasNoThreshold()
    {
        var days = new DailyMaxima(1, Hour);
        for (var day = 0; day < 40; day++)
            for (var hour = 0; hour < 12; hour++) Assert.Equal(double.PositiveInfinity, days.Next(Start.AddDays(day) + hour * Hour, hour));
        for (var hour = 0; hour < 24 * DailyMaxima.FewestDays; hour++) Assert.Equal(double.PositiveInfinity, days.Next(Start.AddDays(50) + hour * Hour, hour % 24));
        Assert.InRange(days.Next(Start.AddDays(50 + DailyMaxima.FewestDays), 0), 23, 26);
    }

    [Fact]
    public void Next_OneWildDayInEight_HardlyMovesTheThreshold()
    {
        var (calm, wild) = (new DailyMaxima(1, Hour), new DailyMaxima(1, Hour));
        var (ofCalm, ofWild) = (0.0, 0.0);
        for (var hour = 0; hour < 24 * 32; hour++)
        {
            var (time, score) = (Start + hour * Hour, 2 + hour % 24 / 24.0 + hour / 24 % 5 * 0.3);
            (ofCalm, ofWild) = (calm.Next(time, score), wild.Next(time, hour / 24 % 8 == 7 ? score + 30 : score));
        }

        Assert.InRange(ofWild - ofCalm, 0, 1.5);
    }

    [Fact]
    public void SaveLoad_InTheMiddleOfADay_GoesOn()
    {
        var (first, second, noise) = (new DailyMaxima(1, Hour), new DailyMaxima(1, Hour), new SeededNoise(2));
        for (var hour = 0; hour < 24 * 40 + 7; hour++) first.Next(Start + hour * Hour, noise.NextDouble());
        var writer = new StateWriter("TEST", 1);
        first.Save(writer);
        var reader = new StateReader(writer.ToBytes(), "TEST", 1, "a test");
        second.Load(ref reader);
        for (var hour = 24 * 40 + 7; hour < 24 * 45; hour++)
        {
            var score = noise.NextDouble();
            Assert.Equal(first.Next(Start + hour * Hour, score), second.Next(Start + hour * Hour, score));
        }
    }
}
