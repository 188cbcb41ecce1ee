using ControlPlane.Simulation.Backtest;

namespace ControlPlane.Simulation.Tests.Backtest;

/// <summary>Small cases that were worked out by hand.</summary>
public sealed class BaselineRulesTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// Season 2 of level 3, deviations −1 and +1. With weights 1/2 and no trend: the third value 4 lifts the level to 0.5·(4+1) + 0.5·3 = 4, its season to 0.5·0 − 0.5 =
    /// −0.5; the fourth, 6, gives level 0.5·5 + 0.5·4 = 4.5 and season 0.5·1.5 + 0.5 = 1.25. A series that repeats itself is repeated.
    /// </summary>
    [Theory]
    [InlineData("2 4 2 4 2 4 2 4 2 4 2 4", 0.5, 2)]
    [InlineData("2 4 2 4 2 4 2 4 2 4 2 4 2", 0.5, 4)]
    [InlineData("2 4 2 4 2 4 2 4 2 4 4 6", 0.5, 4)] // level 4.5, season −0.5
    [InlineData("5 5 5 5 5 5 5 5 5 5 5 5 9", 0, 5)] // nothing is learnt
    [InlineData("2 4 2 4 2 4 2 4 2 4 2", 0.5, null)] // 11 of the 12 values that it needs
    public void Next_SeriesOfReplicas_IsPredicted(string series, double weight, int? expected)
    {
        var options = new PredictiveHpaOptions { SeasonLength = 2, Alpha = weight, Beta = 0, Gamma = weight };
        Assert.Equal(expected, HoltWintersReplicas.Next([.. series.Split(' ').Select(int.Parse)], options));
    }

    /// <summary>Seasons of mean 2 and 4 make a trend of 1 a step: 2 + 12·1 and one more, as the last value lies on the line when no weight moves it.</summary>
    [Fact]
    public void Next_SecondSeasonHigher_FollowsTheTrend()
    {
        var options = new PredictiveHpaOptions { SeasonLength = 2, Alpha = 0, Beta = 0, Gamma = 0 };
        Assert.Equal(2 + 11, HoltWintersReplicas.Next([2, 2, 4, 4, 6, 6, 8, 8, 10, 10, 12, 12], options));
    }

    [Fact]
    public void At_SameHourOfTheDaysBefore_IsTheMeanOfTheirHighestLoads()
    {
        var forecast = new HourlyForecast();
        double[] highest = [3, 5, 10];
        for (var day = 0; day < 3; day++)
        {
            forecast.Add(Start.AddDays(day).AddHours(9).AddMinutes(10), highest[day] - 2);
            forecast.Add(Start.AddDays(day).AddHours(9).AddMinutes(50), highest[day]);
            forecast.Add(Start.AddDays(day).AddHours(10), 1);
        }
        Assert.Equal(6, forecast.At(Start.AddDays(3).AddHours(9)));
        Assert.Equal(6, forecast.At(Start.AddDays(3).AddHours(9).AddMinutes(59)));
        Assert.Equal(1, forecast.At(Start.AddDays(3).AddHours(10)));
        Assert.Null(forecast.At(Start.AddDays(3).AddHours(11)));
    }

    [Fact]
    public void At_LessThanADayOfHistory_IsUnknown()
    {
        var forecast = new HourlyForecast();
        forecast.Add(Start, 4);
        Assert.Null(forecast.At(Start.AddHours(23)));
        Assert.Equal(4, forecast.At(Start.AddHours(24)));
    }

    [Fact]
    public void At_DaysOlderThanFourteen_AreForgotten()
    {
        var forecast = new HourlyForecast();
        forecast.Add(Start, 100);
        for (var day = 1; day <= 15; day++) forecast.Add(Start.AddDays(day), 2);
        Assert.Equal(2, forecast.At(Start.AddDays(16)));
    }
}
