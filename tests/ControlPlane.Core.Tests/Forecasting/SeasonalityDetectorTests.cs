using ControlPlane.Core.Forecasting;

namespace ControlPlane.Core.Tests.Forecasting;

public sealed class SeasonalityDetectorTests
{
    private static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData(12)]
    [InlineData(72)]
    [InlineData(100)]
    [InlineData(144)]
    [InlineData(288)]
    public void Detect_OneCycleWithNoise_FindsItsPeriod(int period)
    {
        var values = Series(14 * 288, (i, noise) => 50 + 10 * Math.Sin(2 * Math.PI * i / period) + 4 * noise);

        var seasons = SeasonalityDetector.Detect(values, FiveMinutes);

        Assert.Equal(FiveMinutes * period, seasons[0].Period);
        Assert.InRange(seasons[0].Strength, 0.5, 1);
    }

    [Fact]
    public void Detect_DayAndWeek_FindsBoth()
    {
        var values = Series(28 * 24, (i, noise) => 50 + 20 * Math.Sin(2 * Math.PI * i / 24) + (i / 24 % 7 > 4 ? -15 : 0) + noise);

        var periods = SeasonalityDetector.Detect(values, TimeSpan.FromHours(1)).Select(season => season.Period).ToArray();

        Assert.Contains(TimeSpan.FromDays(7), periods);
        Assert.Contains(TimeSpan.FromDays(1), periods);
    }

    [Fact]
    public void Detect_HourlySpikes_FindsTheHourNotTheDay()
    {
        var values = Series(7 * 288, (i, noise) => (i % 12 == 3 ? 200 : 20) + noise);

        Assert.Equal(TimeSpan.FromHours(1), SeasonalityDetector.Detect(values, FiveMinutes)[0].Period);
    }

    [Fact]
    public void Detect_HolesInTheSeries_StillFindsTheDay()
    {
        var values = Series(7 * 288, (i, noise) => i % 5 == 0 || i is > 500 and < 700 ? double.NaN : 50 - 20 * Math.Cos(2 * Math.PI * i / 288) + noise);

        Assert.Equal(TimeSpan.FromDays(1), SeasonalityDetector.Detect(values, FiveMinutes)[0].Period);
    }

    [Fact]
    public void Detect_NoiseOrLineOrOneSpike_FindsNothing()
    {
        Assert.Empty(SeasonalityDetector.Detect(Series(7 * 288, (_, noise) => noise), FiveMinutes));
        Assert.Empty(SeasonalityDetector.Detect(Series(7 * 288, (i, _) => 5.0 * i), FiveMinutes));
        Assert.Empty(SeasonalityDetector.Detect(Series(7 * 288, (i, _) => i == 1000 ? 1e12 : 7), FiveMinutes));
    }

    [Theory]
    [InlineData(0, 1.0)]
    [InlineData(1, 1.0)]
    [InlineData(23, 1.0)]
    [InlineData(2000, 1.0)]
    [InlineData(2000, 0.0)]
    [InlineData(2000, 1e300)]
    [InlineData(2000, double.NaN)]
    [InlineData(2000, double.NegativeInfinity)]
    public void Detect_NothingToSee_FindsNothing(int count, double value) =>
        Assert.Empty(SeasonalityDetector.Detect(Enumerable.Repeat(value, count).ToArray(), FiveMinutes));

    [Fact]
    public void Strength_NoiseAtAnyPeriod_IsNotAboveZeroByMuch()
    {
        var values = Series(2016, (_, noise) => noise);
        foreach (var period in (int[])[3, 12, 100, 288, 600]) Assert.InRange(SeasonalityDetector.Strength(values, period), -2, 0.05);
    }

    private static double[] Series(int count, Func<int, double, double> value)
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, count).Select(i => value(i, random.NextDouble() + random.NextDouble() - 1))];
    }
}
