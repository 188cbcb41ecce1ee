using ControlPlane.Core.Scaling;

namespace ControlPlane.Core.Tests.Scaling;

public sealed class TrendGateTests
{
    [Theory]
    [InlineData(8, 5, 0, 3, 10, 8, 3)]
    [InlineData(8, 5, 8, 3, 10, 5, 0)]
    [InlineData(8, 5, 8, 3, 30, 8, 11)]
    [InlineData(8, 5, 8, -3, 10, 8, 8)]
    [InlineData(8, 5, -2, 3, 30, 8, 3)]
    [InlineData(8, 8, 7, 0, 10, 8, 0)]
    [InlineData(5, 8, 7, 0, 10, 8, 0)]
    [InlineData(5, 8, 7, 1, 30, 5, -1)]
    [InlineData(5, 8, -2, 1.5, 30, 8, 0)]
    [InlineData(5, 8, 0, 90, 30, 8, 0)]
    public void Step_Credit_PaysForAChange(int current, int held, double credit, double saving, double changeCost, int replicas, double left) =>
        Assert.Equal((replicas, left), TrendGate.Step(current, held, credit, saving, changeCost));

    [Theory]
    [InlineData(4, 10, 5)]
    [InlineData(4, 30, 20)]
    [InlineData(40, 30, 41)]
    [InlineData(4, 5000, TrendGate.MaxTargets)]
    public void Window_DearChanges_LooksBackFurther(int lead, double changeCost, int steps) => Assert.Equal(steps, TrendGate.Window(lead, changeCost));
}
