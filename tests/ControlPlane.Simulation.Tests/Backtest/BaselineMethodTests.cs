using ControlPlane.Core.Policies;
using ControlPlane.Simulation.Backtest;
using ControlPlane.Simulation.Services;
using ControlPlane.Simulation.Traces;

namespace ControlPlane.Simulation.Tests.Backtest;

/// <summary>Methods over simulated services.</summary>
public sealed class BaselineMethodTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);
    private static readonly PolicyDocument Policy = new() { Mode = PolicyMode.Auto, MinReplicas = 2, MaxReplicas = 60 };

    /// <summary>Four days whose nine o'clock jumps from 4 pods' load to 20 within a step.</summary>
    private static readonly LoadSeries Jumps = LoadSeries.FromRates(Enumerable.Range(0, 4 * 5760).Select(t => t % 5760 is >= 2160 and < 2640 ? 700.0 : 140.0));

    public static TheoryData<string> Names => [.. ScalingMethods.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Run_AnyMethod_KeepsTheBoundsAndSettlesUnderConstantLoad(string name)
    {
        var load = LoadSeries.FromRates(Enumerable.Repeat(300.0, 480));
        var options = Options();
        var run = new BacktestRunner(TimeProvider.System).RunMethod(s => ScalingMethods.Make(name, options, s), Start, load, options);
        Assert.Equal(name, run.Report.Name);
        Assert.True(run.Report.ScaleUps + run.Report.ScaleDowns <= 2, $"{run.Report.ScaleUps} up, {run.Report.ScaleDowns} down");
        Assert.InRange(run.Report.PodHours / 2, 6, 12); // 300 requests a second at 50 a pod
    }

    [Fact]
    public void Hourly_JumpOfTheSameHour_IsThereBeforeItComes()
    {
        var (hourly, hpa) = (Run("hourly"), Run("hpa"));
        Assert.True(hourly.SloViolationTimeShare <= 0.6 * hpa.SloViolationTimeShare, $"{hourly.SloViolationTimeShare} {hpa.SloViolationTimeShare}");
        Assert.True(hourly.PodHours >= hpa.PodHours);
    }

    [Fact]
    public void PredictiveHpa_JumpOfEachDay_IsForeseenFromTheSecondDayOn()
    {
        var (predictive, hpa) = (Run("predictive-hpa"), Run("hpa"));
        Assert.True(predictive.SloViolationTimeShare < hpa.SloViolationTimeShare, $"{predictive.SloViolationTimeShare} {hpa.SloViolationTimeShare}");
    }

    [Fact]
    public void TunedHpa_AnyDemand_IsNoWorseThanThePolicysOwn()
    {
        var (tuned, hpa) = (Run("hpa-tuned"), Run("hpa"));
        Assert.True(tuned.SloViolationTimeShare <= hpa.SloViolationTimeShare);
        Assert.True(tuned.PodHours <= hpa.PodHours);
    }

    [Fact]
    public void Keda_DemandPerReplica_RunsAsManyAsTheThresholdSays()
    {
        var options = Options();
        var load = LoadSeries.FromRates(Enumerable.Repeat(350.0, 240));
        var keda = new KedaOptions { Threshold = 25, FallbackReplicas = 3 };
        var run = new BacktestRunner(TimeProvider.System).RunMethod(_ => new KedaMethod(Policy, keda), Start, load, options);
        Assert.Equal(14, Math.Round(run.Report.PodHours), 0); // 350 / 25 for an hour
    }

    private static MethodReport Run(string name)
    {
        var options = Options();
        return new BacktestRunner(TimeProvider.System).RunMethod(s => ScalingMethods.Make(name, options, s), Start, Jumps, options).Report;
    }

    private static BacktestOptions Options() =>
        new() { Policy = Policy, Profile = ServiceSizing.Profile(Policy, StartupTime.Constant(TimeSpan.FromSeconds(60))), Seed = 1 };
}
