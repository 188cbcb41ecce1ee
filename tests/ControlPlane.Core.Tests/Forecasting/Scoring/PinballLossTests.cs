using ControlPlane.Core.Forecasting.Scoring;

namespace ControlPlane.Core.Tests.Forecasting.Scoring;

public sealed class PinballLossTests
{
    [Theory]
    [InlineData(0.9, 10, 6, 3.6)]
    [InlineData(0.9, 6, 10, 0.4)]
    [InlineData(0.5, 6, 10, 2)]
    [InlineData(0.1, 6, 10, 3.6)]
    [InlineData(0.25, 5, 5, 0)]
    [InlineData(0.025, -3, -1, 1.95)]
    public void Of_OutcomeAndQuantile_IsTheWeightedDistance(double level, double outcome, double given, double expected) =>
        Assert.Equal(expected, PinballLoss.Of(level, outcome, given), 12);

    [Fact]
    public void Mean_SeveralLevels_AveragesThem() =>
        Assert.Equal((0.1 * 4 + 0.5 * 0 + 0.1 * 8) / 3, PinballLoss.Mean([0.1f, 0.5f, 0.9f], 10, [6, 10, 18]), 6);
}
