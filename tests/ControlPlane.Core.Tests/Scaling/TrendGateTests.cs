using ControlPlane.Core.Scaling;

namespace ControlPlane.Core.Tests.Scaling;

public sealed class TrendGateTests
{
    [Theory]
    [InlineData(8, 5, 0, 3, 10, 8, 3)]
    [InlineData(8, 5, 18, 3, 10, 8, 21)]
    [InlineData(8, 5, 19, 3, 10, 5, 0)]
    [InlineData(8, 5, 84, 3, 40, 8, 87)]
    [InlineData(8, 5, 85, 3, 40, 5, 0)]
    [InlineData(8, 5, 8, -3, 10, 8, 8)]
    [InlineData(8, 5, -2, 3, 40, 8, 3)]
    [InlineData(8, 8, 7, 0, 10, 8, 0)]
    [InlineData(5, 8, 7, 2, 10, 8, 0)]
    [InlineData(5, 8, 7, 1, 10, 5, -1)]
    [InlineData(5, 8, -1, 1, 10, 8, 0)]
    [InlineData(5, 8, -1, 1, 40, 5, -2)]
    [InlineData(5, 8, 0, 90, 40, 8, 0)]
    public void Step_Credit_PaysForAChange(int current, int held, double credit, double saving, double changeCost, int replicas, double left) =>
        Assert.Equal((replicas, left), TrendGate.Step(current, held, credit, saving, changeCost));

    [Theory]
    [InlineData(2, 5)]
    [InlineData(4, 5)]
    [InlineData(12, 13)]
    [InlineData(40, 41)]
    [InlineData(5000, TrendGate.MaxTargets)]
    public void Window_AStartup_IsSpanned(int lead, int steps) => Assert.Equal(steps, TrendGate.Window(lead));

    /// <summary>What the account does not allow is left at once, whatever a change costs; and what it allows is not exceeded by an older target.</summary>
    [Theory]
    [InlineData(20, 0, 12, 12)]
    [InlineData(5, 8, 100, 8)]
    [InlineData(10, 0, 100, 10)]
    public void Pass_TermsOfTheAccount_DoNotWait(int current, int floor, int ceiling, int expected)
    {
        float[] levels = [0.5f, 0.99f];
        var prices = new ReplicaPrices(RiskCurve.Of(levels, [500f, 900f], 1, 1, new float[4]), 100, 1);
        var terms = new LedgerTerms(1, floor, ceiling, 0, false);
        var result = TrendGate.Pass([30], 0, terms.Bound(6), current, 4, prices, 1000, terms);
        Assert.Equal(expected, result.Replicas);
        Assert.InRange(result.Held, floor, ceiling);
    }
}
