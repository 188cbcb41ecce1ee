using ControlPlane.Simulation.Traces;

namespace ControlPlane.Simulation.Tests.Traces;

public sealed class DemandShapesTests
{
    public static TheoryData<string> Names => [.. DemandShapes.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Make_AnyShape_IsCalmMostOfTheTimeAndFiveTimesAsHighAtItsEvents(string name)
    {
        double[] rates = [.. Rates(DemandShapes.Make(name, 1)).Order()];

        var (middle, peak) = (rates[rates.Length / 2], rates[(int)(rates.Length * 0.9995)]);

        Assert.InRange(peak / middle, 4, 7);
        Assert.InRange(rates[rates.Length / 4] / middle, 0.8, 1);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Make_SameSeed_GivesTheSameTraceAndAnotherSeedAnother(string name)
    {
        Assert.Equal(Rates(DemandShapes.Make(name, 3)), Rates(DemandShapes.Make(name, 3)));
        Assert.NotEqual(Rates(DemandShapes.Make(name, 3)), Rates(DemandShapes.Make(name, 4)));
    }

    [Theory]
    [InlineData("ramp", false)]
    [InlineData("flash-crowd", false)]
    [InlineData("ramp-daily", true)]
    [InlineData("flash-crowd-daily", true)]
    public void Make_Daily_HasItsEventsAtTheHoursOfTheDayBefore(string name, bool isDaily)
    {
        double[] rates = Rates(DemandShapes.Make(name, 1));
        var day = (int)(TimeSpan.FromDays(1) / TimeSpan.FromSeconds(15));
        // Of the steps in an event, the share that was in one a day before.
        var high = Enumerable.Range(day, rates.Length - day).Where(t => rates[t] > 3000).ToArray();
        var repeated = high.Count(t => rates[t - day] > 3000) / (double)high.Length;

        Assert.Equal(isDaily, repeated > 0.6);
    }

    [Fact]
    public void Make_UnknownName_NamesTheKnownOnes() =>
        Assert.Contains("flash-crowd-daily", Assert.Throws<ArgumentException>(() => DemandShapes.Make("square", 1)).Message);

    private static double[] Rates(Trace trace) => [.. Enumerable.Range(0, trace.Length).Select(i => trace.RequestsPerSecond(i)!.Value)];
}
