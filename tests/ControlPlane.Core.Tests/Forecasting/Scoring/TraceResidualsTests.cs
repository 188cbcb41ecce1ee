using ControlPlane.Core.Forecasting.Scoring;

namespace ControlPlane.Core.Tests.Forecasting.Scoring;

public sealed class TraceResidualsTests
{
    private static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData(0.5, 5.5)]
    [InlineData(0.1, 1.5)]
    [InlineData(0.01, 1)]
    [InlineData(0.975, 10)]
    public void Quantile_TenErrors_IsInterpolatedBetweenThem(double level, double expected)
    {
        var residuals = new TraceResiduals(FiveMinutes, isScaled: false);
        foreach (var error in (double[])[7, 1, 10, 4, 2, 9, 3, 6, 8, 5]) residuals.Add(error);

        Assert.Equal(expected, residuals.Quantile(level), 6);
    }

    [Fact]
    public void Add_MoreThanTheWindow_ForgetsTheOldest()
    {
        var residuals = new TraceResiduals(FiveMinutes, isScaled: false);
        for (var i = 0; i < 100; i++) residuals.Add(-1e6);
        for (var i = 0; i < TraceResiduals.Window; i++) residuals.Add(i % 2);

        Assert.Equal(0, residuals.Quantile(0.001), 6);
        Assert.Equal(1, residuals.Quantile(0.999), 6);
    }

    [Fact]
    public void Quantile_BeforeTheFirstError_IsZero() => Assert.Equal(0, new TraceResiduals(FiveMinutes).Quantile(0.9));
}
