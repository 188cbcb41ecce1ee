using System.Text.Json;
using ControlPlane.Simulation.Backtest.Frontier;
using ControlPlane.Simulation.Traces;

namespace ControlPlane.Simulation.Tests.Backtest;

public sealed class FrontierTests
{
    [Fact]
    public void Clairvoyant_AnyDemand_NeverFallsShortAndTakesTheLeast()
    {
        var service = Demands.Service(2, 8);
        var totals = Clairvoyant.Run(service);
        var outcome = service.Score(totals);
        Assert.Equal(0, outcome.UnderProvisionedTimeShare);
        for (var t = 6000; t < 6200; t++)
        {
            if (totals[t] <= 1) continue;
            totals[t]--;
            Assert.True(service.Score(totals).UnderProvisionedTimeShare > 0);
            totals[t]++;
        }
    }

    [Fact]
    public void Score_HandMadeSteps_CountsWhatTheReadyPodsMiss()
    {
        // Twelve steps, the second half is scored; pods are ready after one step.
        var service = new FrontierService([2, 2, 2, 2, 2, 2, 2, 3, 3, double.NaN, 3, 1], TimeSpan.FromHours(1), 1);
        var outcome = service.Score([2, 2, 2, 2, 2, 2, 2, 3, 3, 2, 2, 2]);
        // Steps 6..11: ready 2 2 3 2 2 2; missed at 7 and 10, by one of three each.
        Assert.Equal((2.0 / 5, 2.0 / 12, 14.0, 5L), (outcome.UnderProvisionedTimeShare, outcome.UnservedDemandShare, outcome.PodHours, outcome.Steps));
        Assert.Equal(2 / 0.25, outcome.ScalingsPerDay);
    }

    [Fact]
    public void GapClosed_HandMadePoints_IsTheMeanShare()
    {
        FrontierOutcome At(double violations, double podHours) => new(violations, violations / 2, podHours, 1, 1000);
        FrontierOutcome[] hpa = [At(0, 300), At(0.001, 200), At(0.01, 150), At(0.02, 140), At(0.06, 110)];
        var oracle = At(0, 100);
        FrontierOutcome[] own = [At(0.001, 160), At(0.01, 125), At(0.5, 90)];
        // (200−160)/100, (150−125)/50, (140−125)/40.
        Assert.Equal((0.4 + 0.5 + 0.375) / 3, GapClosed.ByTime(hpa, own, oracle, 0)!.Value, 9);
        Assert.Null(GapClosed.ByTime(hpa[..3], own, oracle, 0));
        Assert.Equal(0, GapClosed.ByTime(hpa, [At(0.4, 50)], oracle, 0));
        Assert.Equal(0.5, GapClosed.ViolationsAtPodHours(At(0.02, 140), own));
    }

    [Fact]
    public void Run_TwoTraces_OursClosesSomeOfTheGapAndTheJsonIsAsPromised()
    {
        FrontierTrace Trace(string name, ulong seed) => new(name, LoadSeries.FromRates(Demands.Daily(6, seed).Select(d => 37 * d)));
        var options = new FrontierOptions { Startups = [TimeSpan.FromSeconds(120)], Windows = [TimeSpan.Zero, TimeSpan.FromMinutes(5)], Tolerances = [0.05, 0.1], PriceCount = 14 };
        var report = FrontierRunner.Run([Trace("a", 4), Trace("b", 5)], options);
        foreach (var gap in report.GapClosed) Assert.True(gap.Value > 0.1, $"{gap}");

        using var json = JsonDocument.Parse(report.ToJson());
        var points = json.RootElement.GetProperty("frontier").EnumerateArray().ToArray();
        Assert.Equal(["controlplane", "hpa", "hpa-rate", "hpa-tuned", "oracle"], points.Select(p => p.GetProperty("method").GetString()!).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(2 * 14, points.Count(p => p.GetProperty("method").GetString() == "controlplane"));
        foreach (var name in (string[])["parameter", "startupSeconds", "underProvisionedTimeShare", "unservedDemandShare", "podHours", "scalingsPerDay"])
            Assert.All(points, p => Assert.True(p.GetProperty(name).GetDouble() >= 0));
        Assert.All(json.RootElement.GetProperty("gapClosed").EnumerateArray(), gap => Assert.Equal(120, gap.GetProperty("startupSeconds").GetDouble()));
        Assert.Equal(["hpa", "hpa-rate"], json.RootElement.GetProperty("gapClosed").EnumerateArray().Select(gap => gap.GetProperty("against").GetString()));
    }

    [Fact]
    public void FrontierTrace_AnyUnit_IsAServiceOfFifteenPods()
    {
        var trace = new FrontierTrace("a", LoadSeries.FromRates(Enumerable.Range(0, 1000).Select(t => 4000.0 + t % 10)));
        Assert.Equal(15, trace.Demand.Order().ElementAt(500), 0.2);
        Assert.Throws<ArgumentException>(() => new FrontierTrace("short", LoadSeries.FromRates([1, 2, 3])));
    }
}
