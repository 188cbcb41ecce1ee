using ControlPlane.Simulation.Hosting;
using ControlPlane.Simulation.Tests.Api;

namespace ControlPlane.Simulation.Tests.Hosting;

public sealed class SimulatedClockTests
{
    private static readonly DateTimeOffset Start = new(1995, 7, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void GetUtcNow_Accelerated_RunsAtItsSpeed()
    {
        var real = new ManualClock();
        var clock = new SimulatedClock(Start, 300, real);
        var began = clock.GetTimestamp();
        real.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(Start + TimeSpan.FromMinutes(10), clock.GetUtcNow());
        Assert.Equal(TimeSpan.FromMinutes(10), clock.GetElapsedTime(began));
    }

    [Fact]
    public async Task Delay_Accelerated_EndsAtItsSpeed()
    {
        var real = new ManualClock();
        var delay = Task.Delay(TimeSpan.FromMinutes(5), new SimulatedClock(Start, 300, real));
        real.Advance(TimeSpan.FromSeconds(0.99));
        Assert.False(delay.IsCompleted);
        real.Advance(TimeSpan.FromSeconds(0.01));
        await delay;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    public void Constructor_SpeedOutOfRange_Throws(double speed) => Assert.Throws<ArgumentOutOfRangeException>(() => new SimulatedClock(Start, speed));
}
