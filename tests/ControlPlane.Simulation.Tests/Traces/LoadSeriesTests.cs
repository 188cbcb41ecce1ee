using ControlPlane.Simulation.Traces;

namespace ControlPlane.Simulation.Tests.Traces;

public sealed class LoadSeriesTests
{
    private static readonly Trace Minutes = new("m", DateTimeOffset.UnixEpoch, TimeSpan.FromMinutes(1), [10, 20, null, 7]);

    [Fact]
    public void FromTrace_BelowTheInterval_HoldsTheRate()
    {
        var load = LoadSeries.FromTrace(Minutes);

        Assert.Equal(16, load.Length);
        Assert.Equal([10, 10, 10, 10, 20, 20, 20, 20, 20, 20, 20, 20, 7, 7, 7, 7], Rates(load));
        Assert.Equal([true, false, true], new[] { 7L, 8, 12 }.Select(load.IsKnownAt));
    }

    [Fact]
    public void FromTrace_RandomSplit_KeepsEverySum()
    {
        var load = LoadSeries.FromTrace(Minutes, new LoadOptions { SplitSeed = 5, Scale = 1.37 });
        var rates = Rates(load);

        for (var minute = 0; minute < 4; minute++)
        {
            var expected = (Minutes.Requests(minute) ?? 1200) * 1.37;
            Assert.Equal(expected, rates.Skip(minute * 4).Take(4).Sum() * 15, 6);
        }

        Assert.True(rates.Distinct().Count() > 4);
        Assert.Equal(rates, Rates(LoadSeries.FromTrace(Minutes, new LoadOptions { SplitSeed = 5, Scale = 1.37 })));
        Assert.NotEqual(rates, Rates(LoadSeries.FromTrace(Minutes, new LoadOptions { SplitSeed = 6, Scale = 1.37 })));
    }

    [Fact]
    public void FromTrace_RandomSplit_SpreadsLikeIndependentRequests()
    {
        var trace = new Trace("c", DateTimeOffset.UnixEpoch, TimeSpan.FromMinutes(1), Enumerable.Repeat<double?>(20, 4000));
        var rates = Rates(LoadSeries.FromTrace(trace, new LoadOptions { SplitSeed = 1 }));
        var counts = rates.Select(r => r * 15).ToArray();
        var variance = counts.Select(c => (c - 300) * (c - 300)).Average();

        // 1200 requests over 4 ticks: variance n·p·(1−p) = 225; 16,000 samples hold it within 5%.
        Assert.InRange(variance, 214, 236);
    }

    [Fact]
    public void FromTrace_CoarserStep_TakesTheMean()
    {
        var load = LoadSeries.FromTrace(Minutes, new LoadOptions { Step = TimeSpan.FromMinutes(2) });

        Assert.Equal([15, 13.5], Rates(load));
        Assert.False(load.IsKnownAt(1));
    }

    [Fact]
    public void FromTrace_OffsetDurationWrap_CutTheLoad()
    {
        var load = LoadSeries.FromTrace(Minutes, new LoadOptions { Offset = TimeSpan.FromMinutes(3), Duration = TimeSpan.FromMinutes(2), Wrap = true, Scale = 2 });

        Assert.Equal([14, 14, 14, 14, 20, 20, 20, 20], Rates(load));
        Assert.Equal(14, load.DemandAt(8));
    }

    [Fact]
    public void DemandAt_PastTheEnd_HoldsTheLastValue() => Assert.Equal(7, LoadSeries.FromTrace(Minutes).DemandAt(1000));

    [Theory]
    [InlineData(25, 1, 0)]
    [InlineData(15, 0, 0)]
    [InlineData(15, 1, 7)]
    [InlineData(15, 1, 600)]
    public void FromTrace_OptionsThatDoNotFit_AreRefused(int step, double scale, int offset) =>
        Assert.Throws<ArgumentException>(() => LoadSeries.FromTrace(
            Minutes,
            new LoadOptions { Step = TimeSpan.FromSeconds(step), Scale = scale, Offset = TimeSpan.FromSeconds(offset) }));

    private static double[] Rates(LoadSeries load) => [.. Enumerable.Range(0, load.Length).Select(i => load.DemandAt(i))];
}
