using ControlPlane.Core.Learning;
using ControlPlane.Core.Scaling;
using FsCheck.Fluent;

namespace ControlPlane.Core.Tests.Learning;

public sealed class SafeSetTests
{
    [Theory]
    [InlineData(100, 5, 0, 0, 4, 0.1)]
    [InlineData(0, -1, 0, 0, 0.25, 0)]
    [InlineData(0.25, 0, 9, 5, 1, 0)]
    [InlineData(2, 0.05, 9, 5, 2, 0.05)]
    [InlineData(double.NaN, 0.05, 0, 0, 1, 0)]
    [InlineData(2, double.PositiveInfinity, 0, 0, 1, 0)]
    public void Restrict_Move_StaysWithin(double factor, double headroom, long own, long hpa, double expectedFactor, double expectedHeadroom) =>
        Assert.Equal(new AdviserMove(expectedFactor, expectedHeadroom), SafeSet.Restrict(new(factor, headroom), Books(own, hpa), LedgerTerms.Free));

    [Fact]
    public void Restrict_LittleRoomForPods_AsksForNoMore()
    {
        var terms = LedgerTerms.Free with { PriceShare = 0.9 };
        Assert.Equal(AdviserMove.None, SafeSet.Restrict(new(4, 0.1), Books(0, 0), terms));
        Assert.Equal(new AdviserMove(0.5, 0), SafeSet.Restrict(new(0.5, 0.1), Books(0, 0), terms));
    }

    [Fact]
    public void Restrict_NoMove_IsNoMoveUnderAllTerms()
    {
        foreach (var terms in (LedgerTerms[])[LedgerTerms.Free, LedgerTerms.Free with { IsSpent = true }, LedgerTerms.Free with { FloorSteps = 3, PriceShare = 0.2 }])
            foreach (var own in (long[])[0, 9]) Assert.Equal(AdviserMove.None, SafeSet.Restrict(AdviserMove.None, Books(own, 4), terms));
    }

    [Fact]
    public void Restrict_RandomNumbers_NeverLeavesTheSet()
    {
        var numbers = Gen.Elements(double.NaN, double.NegativeInfinity, double.PositiveInfinity, double.MaxValue, -0.0, 1e-300, 0.3, 1, 3.9, 50);
        var moves = from factor in numbers from headroom in numbers from own in Gen.Choose(0, 3) from floor in Gen.Choose(0, 1) from share in Gen.Choose(0, 2) select (factor, headroom, own, floor, share);
        Prop.ForAll(moves.ToArbitrary(), m =>
        {
            var terms = LedgerTerms.Free with { FloorSteps = m.floor, PriceShare = m.share / 2.0 };
            var safe = SafeSet.Restrict(new(m.factor, m.headroom), Books(m.own, 1), terms);
            Assert.InRange(safe.PriceFactor, m.own > 1 || m.floor > 0 ? 1 : SafeSet.LeastPriceFactor, m.share < 2 ? 1 : SafeSet.MostPriceFactor);
            Assert.InRange(safe.Headroom, 0, m.share < 2 ? 0 : SafeSet.MostHeadroom);
            Assert.InRange(safe.Raise(20, 50), 20, 22);
        }).Holds(300);
    }

    private static LedgerBooks Books(long own, long hpa) => new(own, hpa, 0, 1000, 100);
}
