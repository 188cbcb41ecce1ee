using ControlPlane.Core.Forecasting.Members;
using ControlPlane.Core.Forecasting.Neural;
using ControlPlane.Core.Forecasting.Scoring;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Tests.Forecasting.Members;

public sealed class OwnCycleTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData(60, 60)]
    [InlineData(132, 132)]
    [InlineData(72, 0)]
    [InlineData(144, 0)]
    [InlineData(288, 0)]
    [InlineData(280, 0)]
    public void OwnPeriod_AJumpyCycle_IsFoundUnlessDayOrWeekKnowIt(int period, int expected)
    {
        var memory = Filled(period);
        Assert.Equal(expected, memory.OwnPeriod);
        var (then, now) = memory.Cycle(Last + 7, Last);
        if (expected == 0) Assert.True(double.IsNaN(then));
        else Assert.Equal(Jumpy(period, Last + 7) - Jumpy(period, Last), then - now, 1e-6);
    }

    [Fact]
    public void OwnPeriod_NoCycle_IsNone()
    {
        var (memory, noise) = (new SeasonalMemory(Step, Step), new SeededNoise(5));
        for (var step = 1; step <= Last; step++)
        {
            memory.Add(step, noise.NextNormal());
            Assert.Equal(0, memory.OwnPeriod);
        }
    }

    [Fact]
    public void Load_AMemoryWithACycle_KeepsIt()
    {
        var writer = new StateWriter("TEST", 1);
        Filled(60).Save(writer);
        var reader = new StateReader(writer.ToBytes(), "TEST", 1, "the memory");
        var loaded = new SeasonalMemory(Step, Step);
        loaded.Load(ref reader);
        Assert.Equal(60, loaded.OwnPeriod);
    }

    /// <summary>0.54 of the last value's loss without the load's own cycle, 0.23 with it.</summary>
    [Fact]
    public void Forecast_ACycleOfFiveHours_IsLearnt()
    {
        var noise = new SeededNoise(1);
        double?[] values = [.. Enumerable.Range(0, 10 * 288).Select(i => (double?)(100 * Math.Exp(Jumpy(60, i) + 0.03 * noise.NextNormal())))];
        var options = new TraceScoreOptions { Step = Step, Start = new DateTimeOffset(2026, 3, 2, 0, 5, 0, TimeSpan.Zero), TrainDays = 4, Models = [TraceScore.LastValue, TraceScore.Uncorrected] };
        var rows = TraceScore.Run(values, options).Rows;
        Assert.InRange(rows.Single(row => row.Name == TraceScore.Uncorrected).Pinball / rows.Single(row => row.Name == TraceScore.LastValue).Pinball, 0, 0.4);
    }

    private const int Last = 5 * 288 + 30;

    private static SeasonalMemory Filled(int period)
    {
        var memory = new SeasonalMemory(Step, Step);
        for (var step = 1; step <= Last; step++) memory.Add(step, Jumpy(period, step));
        return memory;
    }

    /// <summary>A level for every nine steps, the same in every cycle.</summary>
    private static double Jumpy(int period, int step)
    {
        var level = new SeededNoise((ulong)(step % period / 9 + 1));
        return level.NextDouble();
    }
}
