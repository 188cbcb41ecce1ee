using ControlPlane.Core.Forecasting.LeadTime;

namespace ControlPlane.Core.Tests.Forecasting.LeadTime;

public sealed class JumpMemoryTests
{
    private const int Merged = 20;
    private const int Kept = 100_000;

    [Fact]
    public void Add_StepsOfOneJump_AreOne()
    {
        var memory = new JumpMemory(Merged, Kept);
        memory.Add(100, 3, 1, 2);
        memory.Add(110, 5, 2, 3);
        memory.Add(128, 4, 3, 1);
        Assert.Equal(new JumpMemory.Jump(100, 128, 1, 5, 3), Assert.Single(memory.Jumps.ToArray()));
    }

    [Fact]
    public void Add_MoreThanFit_KeepsTheLargest()
    {
        var memory = new JumpMemory(Merged, Kept);
        for (var i = 0; i < 200; i++) memory.Add(100 * i, 0, 0, i * 37 % 200);
        Assert.Equal(Enumerable.Range(200 - JumpMemory.Most, JumpMemory.Most), memory.Jumps.ToArray().Select(jump => (int)jump.Height).Order());
    }

    [Fact]
    public void Add_LongAfterwards_ForgetsEvenTheLargest()
    {
        var memory = new JumpMemory(Merged, Kept);
        memory.Add(1, 0, 0, 1000);
        memory.Add(Kept + 2, 0, 0, 1);
        Assert.Equal(1, Assert.Single(memory.Jumps.ToArray()).Height);
    }

    [Fact]
    public void Odds_NeverTrue_FallFasterThanTheirCount()
    {
        var odds = new JumpOdds(2);
        Assert.Equal(0.25, odds.Of(0, 0.25));
        for (var i = 0; i < 9; i++) odds.Count(0, false, 1);
        Assert.InRange(odds.Of(0, 0.25), 0.002, 0.005);
        Assert.Equal(0.25, odds.Of(1, 0.25));
    }

    [Fact]
    public void Odds_OftenTrue_AreTheShare()
    {
        var odds = new JumpOdds(1);
        for (var i = 0; i < 400; i++) odds.Count(0, i % 4 != 0, 0.25);
        Assert.Equal(0.75, odds.Of(0, 0.25), 0.05);
    }
}
