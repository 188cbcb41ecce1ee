using ControlPlane.Core.Forecasting.Offline;

namespace ControlPlane.Core.Tests.Forecasting.Offline;

public sealed class SearchAndScaleTests
{
    [Fact]
    public void Minimise_RosenbrockValley_FindsItsFloor()
    {
        double[] point = [-1.2, 1];
        var least = SimplexSearch.Minimise(point, 0.5, 600, p => 100 * Math.Pow(p[1] - p[0] * p[0], 2) + Math.Pow(1 - p[0], 2));
        Assert.Equal(0, least, 1e-6);
        Assert.Equal(1, point[0], 1e-2);
        Assert.Equal(1, point[1], 1e-2);
    }

    [Fact]
    public void Minimise_NotANumberOutside_StaysInside()
    {
        double[] point = [2];
        SimplexSearch.Minimise(point, 1, 200, p => p[0] > 0 ? p[0] - Math.Log(p[0]) : double.NaN);
        Assert.Equal(1, point[0], 1e-3);
    }

    [Fact]
    public void Minimise_BoundOnCalls_IsKept()
    {
        var calls = 0;
        SimplexSearch.Minimise([5.0, 5, 5], 1, 40, p => { calls++; return p.Sum(v => v * v); });
        Assert.InRange(calls, 10, 40 + 5);
    }

    [Theory]
    [InlineData(1.0)]
    [InlineData(1e150)]
    [InlineData(1e-150)]
    public void Restore_OfItsOwnValues_IsTheSeries(double size)
    {
        var series = Array.ConvertAll(HourlySeries.Make(100, 3), v => v * size);
        var scale = new WorkingScale(series);
        Assert.True(scale.IsLogarithm);
        scale.Restore(scale.Values);
        for (var t = 0; t < series.Length; t++) Assert.Equal(1, scale.Values[t] / series[t], 1e-9);
    }

    [Fact]
    public void WorkingScale_NegativeValue_KeepsLevels()
    {
        var scale = new WorkingScale([1.0, -2, 3]);
        Assert.False(scale.IsLogarithm);
        Assert.Equal(0, scale.Values.Sum(), 1e-12);
        Assert.Equal(3, scale.Values.Sum(v => v * v), 1e-9);
    }

    [Fact]
    public void SeasonalProfile_TwoSeasons_SplitsThemFromTheTrend()
    {
        var series = HourlySeries.Make(960, trend: 0.01);
        var profile = new SeasonalProfile(series, [24, 168], span: 100);
        for (var h = 0; h < 48; h++)
        {
            var t = 960 + h;
            Assert.Equal(20 * Math.Sin(2 * Math.PI * t / 24) + 10 * Math.Cos(2 * Math.PI * t / 168), profile.At(h), 0.5);
        }

        for (var t = 200; t < 760; t++) Assert.Equal(100 + 0.01 * t, profile.Adjusted[t], 0.5);
    }

    [Fact]
    public void SeasonalProfile_NoSeason_LeavesTheSeries()
    {
        var series = HourlySeries.Make(20, 1);
        var profile = new SeasonalProfile(series, []);
        Assert.Equal(series, profile.Adjusted);
        Assert.Equal(0, profile.At(3));
    }
}
