using ControlPlane.Core.Metrics;
using ControlPlane.Core.Metrics.Filters;

namespace ControlPlane.Core.Tests.Metrics;

public sealed class OutlierFilterTests
{
    [Theory]
    [InlineData(OutlierMethod.Hampel)]
    [InlineData(OutlierMethod.InterquartileFences)]
    public void Filter_SingleSpike_IsPulledToTheBand(OutlierMethod method)
    {
        var filter = Warm(method);
        var filtered = filter.Filter(100_000);
        Assert.InRange(filtered!.Value, 100, 250);
        Assert.Equal(1, filter.Replaced);
        Assert.Equal(103, filter.Filter(103));
    }

    [Theory]
    [InlineData(OutlierMethod.Hampel)]
    [InlineData(OutlierMethod.InterquartileFences)]
    public void Filter_DropOutToZero_IsPulledToTheBand(OutlierMethod method) => Assert.InRange(Warm(method).Filter(0)!.Value, 20, 99);

    [Fact]
    public void Filter_SustainedNewLevel_PassesAfterItsPatience()
    {
        var filter = Warm(OutlierMethod.Hampel);
        var values = Enumerable.Range(0, 6).Select(_ => filter.Filter(1000)!.Value).ToArray();
        Assert.All(values[..4], value => Assert.True(value < 1000));
        Assert.All(values[4..], value => Assert.Equal(1000, value));
    }

    [Fact]
    public void Filter_MethodNone_PassesEverything() => Assert.Equal(1e9, Warm(OutlierMethod.None).Filter(1e9));

    [Fact]
    public void Filter_Unknown_StaysUnknown()
    {
        var filter = Warm(OutlierMethod.Hampel);
        Assert.Null(filter.Filter(null));
        Assert.Null(filter.Filter(double.NaN));
    }

    [Fact]
    public void Filter_FirstValues_PassUnchanged() =>
        Assert.Equal(5e6, new OutlierFilter(new IntakeOptions()).Filter(5e6));

    private static OutlierFilter Warm(OutlierMethod method)
    {
        var filter = new OutlierFilter(new IntakeOptions { Outliers = method });
        for (var i = 0; i < 60; i++) filter.Filter(100 + i % 7);
        return filter;
    }
}
