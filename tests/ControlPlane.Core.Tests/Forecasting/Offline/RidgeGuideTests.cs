using ControlPlane.Core.Forecasting.Offline;

namespace ControlPlane.Core.Tests.Forecasting.Offline;

public sealed class RidgeGuideTests
{
    private static readonly LagRidgeOptions[] Ridges = [new() { Lags = [1, 2, 24] }, new() { Lags = [1, 24, 25], Scale = SeriesScale.Root }];

    [Fact]
    public void Make_LaterValuesChange_EarlierGuidesDoNot()
    {
        var series = HourlySeries.Make(300, noise: 3);
        var changed = (double[])series.Clone();
        for (var t = 250; t < 300; t++) changed[t] *= 2;
        var (before, after) = (RidgeGuide.Make(series, Ridges, 12, 100, 40), RidgeGuide.Make(changed, Ridges, 12, 100, 40));
        for (var origin = 100; origin <= 250; origin++) Assert.Equal(before[origin], after[origin]);
        Assert.NotEqual(before[260], after[260]);
    }

    [Fact]
    public void Make_LastOrigin_IsTheMeanOfTheRidgesOnEverything()
    {
        var series = HourlySeries.Make(300, noise: 3);
        var guide = RidgeGuide.Make(series, Ridges, 12, 100, 40)[300]!;
        var (one, two) = (new double[12], new double[12]);
        LagRidge.Fit(series, Ridges[0]).Forecast(series, one);
        LagRidge.Fit(series, Ridges[1]).Forecast(series, two);
        for (var h = 0; h < 12; h++) Assert.Equal((Math.Log(one[h]) + Math.Log(two[h])) / 2, guide[h], 1e-4);
    }

    [Theory]
    [InlineData(300, 100)]
    [InlineData(101, 100)]
    [InlineData(100, 100)]
    [InlineData(60, 100)]
    public void Make_AnyLength_CoversTheOriginsFromTheFirst(int length, int first)
    {
        var guides = RidgeGuide.Make(HourlySeries.Make(length, noise: 1), Ridges, 6, first, 40);
        Assert.Equal(length + 1, guides.Length);
        for (var origin = 0; origin <= length; origin++) Assert.Equal(origin >= first, guides[origin] is not null);
    }
}
