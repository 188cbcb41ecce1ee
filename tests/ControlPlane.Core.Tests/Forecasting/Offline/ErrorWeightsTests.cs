using ControlPlane.Core.Forecasting.Offline;

namespace ControlPlane.Core.Tests.Forecasting.Offline;

public sealed class ErrorWeightsTests
{
    [Fact]
    public void Fill_TwoLosses_MatchesTheFormula()
    {
        var weights = Weigh([1, 1.1], 20);
        Assert.Equal(Math.Exp(-2), weights[1] / weights[0], 1e-12);
        Assert.Equal(1, weights.Sum(), 1e-12);
    }

    [Fact]
    public void Fill_NoSharpness_IsThePlainMean() => Assert.Equal([0.25, 0.25, 0.25, 0.25], Weigh([1, 2, 3, 4], 0));

    [Fact]
    public void Fill_LossNotFinite_LeavesTheModelOut()
    {
        var weights = Weigh([double.NaN, 2, double.PositiveInfinity, 2], 20);
        Assert.Equal([0.0, 0.5, 0, 0.5], weights);
    }

    [Fact]
    public void Fill_NoLossFinite_IsEqual() => Assert.Equal([0.5, 0.5], Weigh([double.NaN, double.NaN], 20));

    [Fact]
    public void Fill_PerfectModel_TakesAll() => Assert.Equal([1.0, 0.0], Weigh([0, 0.5], 20));

    private static double[] Weigh(double[] losses, double sharpness)
    {
        var weights = new double[losses.Length];
        ErrorWeights.Fill(losses, weights, sharpness);
        return weights;
    }
}
