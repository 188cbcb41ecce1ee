using ControlPlane.Core.Forecasting.Scoring;

namespace ControlPlane.Core.Tests.Forecasting.Scoring;

public sealed class PanelAccuracyTests
{
    [Theory]
    [InlineData(new[] { 100.0 }, new[] { 100.0 }, 0)]
    [InlineData(new[] { 100.0 }, new[] { 50.0 }, 200.0 * 50 / 150)]
    [InlineData(new[] { 1.0, 3 }, new[] { 3.0, 1 }, 100)]
    [InlineData(new[] { 0.0 }, new[] { 0.0 }, 0)]
    [InlineData(new[] { 0.0, 4 }, new[] { 5.0, 4 }, 100)]
    [InlineData(new[] { -2.0 }, new[] { 2.0 }, 200)]
    public void Smape_ByHand_IsAsTheCompetitionDefinesIt(double[] actual, double[] point, double expected) =>
        Assert.Equal(expected, PanelAccuracy.Smape(actual, point), 1e-9);

    [Fact]
    public void Mase_ByHand_IsInUnitsOfTheSeasonalChange()
    {
        // Changes over two steps: 2, 0, 4.
        var unit = PanelAccuracy.SeasonalChange([1, 5, 3, 5, 7], 2);
        Assert.Equal(2, unit, 1e-12);
        Assert.Equal(1.5, PanelAccuracy.Mase([10, 10], [7, 13], unit), 1e-12);
    }

    [Fact]
    public void SeasonalChange_NoWholeSeason_IsUnknown() => Assert.True(double.IsNaN(PanelAccuracy.SeasonalChange([1, 2], 2)));

    [Fact]
    public void Owa_Naive2_IsOne() => Assert.Equal(1, PanelAccuracy.Owa(18.383, 2.395), 1e-12);

    /// <summary>The competition's published rows of sNaive and of the best two on hourly series.</summary>
    [Theory]
    [InlineData(13.912, 1.193, 0.6275)]
    [InlineData(8.913, 0.801, 0.4096)]
    [InlineData(9.328, 0.893, 0.4401)]
    public void Owa_PublishedRows_AreThePublishedFigures(double smape, double mase, double owa) =>
        Assert.Equal(owa, PanelAccuracy.Owa(smape, mase), 1e-4);

    [Fact]
    public void Msis_ByHand_IsWidthAndFortyTimesTheMisses()
    {
        // Widths 4 and 4, one miss by 1 above, one by 0.5 below.
        var score = PanelAccuracy.Msis([7, 1.5], [2, 2], [6, 6], 2);
        Assert.Equal((4 + 4 + 40 * 1 + 40 * 0.5) / 2 / 2, score, 1e-12);
    }

    [Fact]
    public void Coverage_ByHand_CountsBothEnds() => Assert.Equal(0.75, PanelAccuracy.Coverage([1, 2, 3, 9], [1, 1, 1, 1], [3, 3, 3, 3]));
}
