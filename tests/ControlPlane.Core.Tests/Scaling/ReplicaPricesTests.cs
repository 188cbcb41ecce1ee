using ControlPlane.Core.Forecasting;
using ControlPlane.Core.Scaling;
using FsCheck.Fluent;
using static ControlPlane.Core.Tests.Scaling.Steps;

namespace ControlPlane.Core.Tests.Scaling;

public sealed class ReplicaPricesTests
{
    [Theory]
    [InlineData(495, 0.9)]
    [InlineData(500, 0.5)]
    [InlineData(505, 0.1)]
    [InlineData(507.5, 0.05)]
    [InlineData(512.5, 0.01)]
    [InlineData(517.5, 0.002)]
    public void Above_AtQuantilesAndBeyond_IsTheirComplement(double level, double expected) =>
        Assert.Equal(expected, Curve(Foresee(Observe(1, 4, 200), 500)).Above(level), 5);

    [Fact]
    public void Above_AnyLevel_FallsFromOneToZero()
    {
        var curve = Curve(Foresee(Observe(1, 4, 200), 500));
        var last = 1.0;
        var walk = curve.From(0, 0.5);
        for (var level = 0.0; level < 700; level += 0.5)
        {
            var risk = curve.Above(level);
            Assert.InRange(risk, 0, last + 1e-12);
            last = risk;
            Assert.Equal(risk, walk.Next(), 9);
            Assert.Equal(curve.Excess(level), walk.Excess, 4);
        }
        Assert.True(last < 1e-6);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(120)]
    [InlineData(495)]
    [InlineData(500.3)]
    [InlineData(512)]
    [InlineData(530)]
    public void Excess_AnyLevel_IsTheAreaUnderTheRisks(double level)
    {
        const double width = 1.0 / 64;
        var curve = Curve(Foresee(Observe(1, 4, 200), 500));
        var area = 0.0;
        for (var at = level + width / 2; at < 700; at += width) area += width * curve.Above(at);
        Assert.Equal(area, curve.Excess(level), 1e-4 * Math.Max(1, area));
    }

    [Theory]
    [InlineData(100, 100, 0)]
    [InlineData(0, 0, 0)]
    [InlineData(100.0001, 100, 0.7)]
    [InlineData(110, 100, 1)]
    [InlineData(125, 100, 1.45)]
    [InlineData(500, 100, 1.45)]
    [InlineData(5, 0, 1.45)]
    public void Severity_MoreMissed_IsWorseUpToAQuarter(double demand, double served, double expected) =>
        Assert.Equal(expected, ReplicaPrices.Severity(demand, served), 5);

    [Theory]
    [InlineData(0)]
    [InlineData(300)]
    [InlineData(490)]
    [InlineData(505)]
    [InlineData(540)]
    public void Severity_Expected_IsTheMeanOverTheDemands(double served)
    {
        const double width = 1.0 / 64;
        var curve = Curve(Foresee(Observe(1, 4, 200), 500, spread: 20));
        var mean = 0.0;
        for (var demand = 0.0; demand < 1500; demand += width)
            mean += (curve.Above(demand) - curve.Above(demand + width)) * ReplicaPrices.Severity(demand + width / 2, served);
        Assert.Equal(mean, ReplicaPrices.Severity(curve, served), 1e-3);
    }

    [Fact]
    public void Severities_RisingReplicas_AreThoseOfEach()
    {
        var curve = Curve(Foresee(Observe(1, 4, 200), 500, spread: 20));
        var walk = ReplicaPrices.From(curve, 0, 7);
        var last = double.PositiveInfinity;
        for (var n = 0; n < 200; n++)
        {
            var severity = walk.Next();
            Assert.Equal(ReplicaPrices.Severity(curve, 7 * n), severity, 6);
            Assert.InRange(severity, 0, last + 1e-9);
            last = severity;
        }
    }

    [Fact]
    public void Above_NoSpread_IsAStep()
    {
        var curve = Curve(Foresee(Observe(1, 4, 200), 500, spread: 0));
        Assert.Equal(0.0, curve.Above(501));
        Assert.InRange(curve.Above(499), 0.9, 1);
    }

    [Fact]
    public void Of_SeveralSteps_IsTheWorstOfThem()
    {
        var (near, far) = (Foresee(Observe(1, 4, 200), 500, 5, 1), Foresee(Observe(1, 4, 200), 520, 1, 1));
        var both = near with { Horizon = 2, Values = [.. near.Values, .. far.Values] };
        for (var level = 480.0; level < 530; level++)
            Assert.Equal(Math.Max(Curve(near).Above(level), Curve(far).Above(level)), Curve(both).Above(level), 2);
    }

    [Theory]
    [InlineData(1, 4)]
    [InlineData(20, 6)]
    [InlineData(2000, 6)]
    public void Cheapest_DearerViolations_BuyMore(double violationCost, int expected) =>
        Assert.Equal(expected, Prices(Foresee(Observe(1, 4, 200), 500, spread: 20), 100, violationCost).Cheapest(1, 50));

    [Fact]
    public void Cheapest_RandomForecasts_IsTheLeastCostOfAll()
    {
        var cases = from center in Gen.Choose(10, 3000) from spread in Gen.Choose(0, 500) from cost in Gen.Choose(1, 20_000) from capacity in Gen.Choose(20, 200) select (center, spread, cost, capacity);
        Prop.ForAll(cases.ToArbitrary(), c =>
        {
            var prices = Prices(Foresee(Observe(1, 4, 200), c.center, c.spread), c.capacity, c.cost);
            var least = ReplicaPrices.First(Curve(Foresee(Observe(1, 4, 200), c.center, c.spread)), c.capacity, 1, 400);
            var best = double.PositiveInfinity;
            for (var n = least; n <= 400; n++) best = Math.Min(best, prices.Of(n));
            Assert.Equal(best, prices.Of(prices.Cheapest(1, 400)), 9);
        }).Holds(200);
    }

    [Fact]
    public void Cheapest_BeyondTheMaximum_IsTheMaximum() =>
        Assert.Equal(10, Prices(Foresee(Observe(1, 4, 200), 5000), 100, 200).Cheapest(1, 10));

    private static RiskCurve Curve(Forecast forecast) => RiskCurve.Of(forecast, 1, 5, new float[RiskCurve.Room(forecast.Quantiles.Length)]);

    private static ReplicaPrices Prices(Forecast forecast, double capacity, double violationCost) => new(Curve(forecast), capacity, violationCost);
}
