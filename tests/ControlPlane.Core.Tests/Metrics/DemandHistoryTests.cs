using ControlPlane.Core.Metrics;

namespace ControlPlane.Core.Tests.Metrics;

public sealed class DemandHistoryTests
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(15);
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void At_PartsOfALongWindow_GivesEveryStepOnceInOrder()
    {
        var window = Filled(3 * 5760, i => i);
        var parts = DemandHistory.Of(window, TimeSpan.FromDays(7));
        var (first, values) = DemandHistory.At(parts, Step);

        Assert.Equal([TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(1), Step], parts.Select(p => p.Resolution));
        Assert.Equal((Start + Step, 3 * 5760), (first, values.Length));
        Assert.Equal(3 * 5760, values[^1]);
        // The oldest are five-minute means, the newest hour is exact; rounding to 16 bits shifts the former by at most 0.07%.
        for (var i = 0; i < values.Length; i++) Assert.InRange(values[i]!.Value - (i + 1), -10 - 0.0007 * i, 10 + 0.0007 * i);
        for (var i = values.Length - 220; i < values.Length; i++) Assert.Equal(i + 1, values[i]);
    }

    [Fact]
    public void At_CoarserStep_Averages()
    {
        var (first, values) = DemandHistory.At(DemandHistory.Of(Filled(80, i => i), TimeSpan.FromDays(1)), TimeSpan.FromMinutes(5));

        Assert.Equal(Start + TimeSpan.FromMinutes(5), first);
        Assert.Equal([10.5, 30.5, 50.5, 70.5], values.Select(v => v!.Value));
    }

    [Fact]
    public void At_UnknownAndEmpty_StayUnknownAndEmpty()
    {
        var (_, values) = DemandHistory.At(DemandHistory.Of(Filled(40, i => i is > 10 and < 20 ? null : 7), TimeSpan.FromDays(1)), Step);
        Assert.Equal(Enumerable.Range(1, 40).Select(i => i is > 10 and < 20 ? (double?)null : 7), values);
        Assert.Empty(DemandHistory.Of(new MetricWindow(Step), TimeSpan.FromDays(1)));
        Assert.Empty(DemandHistory.At([], Step).Values);
    }

    [Fact]
    public void Of_ShortSpan_LeavesOlderStepsOut()
    {
        var parts = DemandHistory.Of(Filled(400, i => i), TimeSpan.FromMinutes(30));
        Assert.Equal(30 * 4, DemandHistory.At(parts, Step).Values.Length);
    }

    private static MetricWindow Filled(int steps, Func<int, double?> value)
    {
        var window = new MetricWindow(Step);
        for (var i = 1; i <= steps; i++) window.Add(Start + i * Step, value(i));
        return window;
    }
}
