using ControlPlane.Core.Learning;
using ControlPlane.Core.Policies;

namespace ControlPlane.Core.Tests.Learning;

public sealed class StepCostTests
{
    private static readonly PredictivePolicy Policy = new() { ViolationCost = 200, ChangeCost = 10 };

    [Theory]
    [InlineData(15, 1500.0, false, 15)]
    [InlineData(15, 1500.0, true, 25)]
    [InlineData(15, 1500.001, false, 15 + 0.7 * 200)]
    [InlineData(15, 1650.0, false, 15 + 200 * 1.0290065)]
    [InlineData(15, 3000.0, false, 15 + 1.45 * 200 * 1.2311444)]
    [InlineData(0, 1500.0, false, 15 + 1.45 * 200)]
    [InlineData(15, null, true, 25)]
    [InlineData(null, 9000.0, false, 15)]
    public void Of_StepOfFifteenPods_IsPodsAndViolationAndChange(int? ready, double? demand, bool isChanged, double expected) =>
        Assert.Equal(expected, StepCost.Of(Policy, 15, ready, demand, 100, isChanged), 0.01);
}
