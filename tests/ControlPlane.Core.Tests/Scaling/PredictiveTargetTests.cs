using ControlPlane.Core.Scaling;
using static ControlPlane.Core.Tests.Scaling.Steps;

namespace ControlPlane.Core.Tests.Scaling;

public sealed class PredictiveTargetTests
{
    [Theory]
    [InlineData(495, 0.9)]
    [InlineData(500, 0.5)]
    [InlineData(502.5, 0.3)]
    [InlineData(505, 0.1)]
    [InlineData(507.5, 0.05)]
    [InlineData(512.5, 0.01)]
    public void Survival_AtQuantiles_IsTheirComplement(double level, double expected) =>
        Assert.Equal(expected, PredictiveTarget.Survival(Foresee(Observe(1, 4, 200), 500), 1, level), 5);

    [Fact]
    public void Survival_AnyLevel_FallsFromOneToZero()
    {
        var forecast = Foresee(Observe(1, 4, 200), 500);
        var last = 1.0;
        for (var level = 0.0; level < 700; level += 0.5)
        {
            var survival = PredictiveTarget.Survival(forecast, 1, level);
            Assert.InRange(survival, 0, last + 1e-12);
            last = survival;
        }
        Assert.True(last < 1e-6);
    }

    [Fact]
    public void Survival_NoSpread_IsAStep()
    {
        var forecast = Foresee(Observe(1, 4, 200), 500, spread: 0);
        Assert.Equal((1.0, 0.0), (PredictiveTarget.Survival(forecast, 1, 499), PredictiveTarget.Survival(forecast, 1, 501)));
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(20, 6)]
    [InlineData(2000, 6)]
    public void Choose_DearerViolations_BuyMore(double violationCost, int expected) =>
        Assert.Equal(expected, PredictiveTarget.Choose(Foresee(Observe(1, 4, 200), 500, spread: 20), 1, 5, 100, violationCost, 1, 50));

    [Fact]
    public void Choose_BruteForce_IsTheLeastCost()
    {
        foreach (var (center, spread, cost) in new[] { (500.0, 80.0, 50.0), (90, 40, 500), (1500, 300, 100), (20, 1, 200) })
        {
            var forecast = Foresee(Observe(1, 4, 200), center, spread);
            var chosen = PredictiveTarget.Choose(forecast, 1, 5, 70, cost, 1, 60);
            var best = Enumerable.Range(1, 60).Min(n => PredictiveTarget.Cost(forecast, 1, 5, 70, cost, n));
            Assert.Equal(best, PredictiveTarget.Cost(forecast, 1, 5, 70, cost, chosen), 9);
        }
    }

    [Fact]
    public void Choose_BeyondTheMaximum_IsTheMaximum() =>
        Assert.Equal(10, PredictiveTarget.Choose(Foresee(Observe(1, 4, 200), 5000), 1, 5, 100, 200, 1, 10));
}
