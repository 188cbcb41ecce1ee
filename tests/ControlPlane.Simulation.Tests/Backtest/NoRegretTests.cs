using ControlPlane.Simulation.Backtest.Frontier;
using ControlPlane.Simulation.Traces;

namespace ControlPlane.Simulation.Tests.Backtest;

public sealed class NoRegretTests
{
    private static readonly string[] Kinds =
    [
        "as they are", "noise", "zero", "tenfold", "nothing", "a tenth from the middle on", "tenfold from the middle on", "nothing from the middle on",
    ];

    [Theory]
    [InlineData(30)]
    [InlineData(300)]
    public void Run_MadeDemand_NeverClearlyWorseThanTheHpa(int startupSeconds) => AssertKept(Demands.Daily(3, 7), startupSeconds);

    /// <summary>The first three days of a week that ends far busier than it begins.</summary>
    [Fact]
    public void Run_RecordedDemand_NeverClearlyWorseThanTheHpa()
    {
        var trace = TraceReader.Read(Path.Combine(AppContext.BaseDirectory, "samples", "traces", "worldcup98_week_1min.csv.gz"), new TraceOptions());
        AssertKept(new FrontierTrace(trace.Name, LoadSeries.FromTrace(trace, new LoadOptions())).Demand[..(3 * 5760)], 120);
    }

    [Theory]
    [InlineData(130, 100, 1000, 1000, true)]
    [InlineData(133, 100, 1000, 1000, false)]
    [InlineData(0, 100, 1020, 1000, true)]
    [InlineData(0, 100, 1021, 1000, false)]
    public void IsKept_Accounts_AtMostThreeStartupsAndTwoPercent(long violations, long hpaViolations, long pods, long hpaPods, bool expected) =>
        Assert.Equal(expected, new NoRegretRow("t", 135, 0.7, "as they are", 10, violations, hpaViolations, pods, hpaPods).IsKept);

    private static void AssertKept(double[] demand, int startupSeconds)
    {
        var service = new FrontierService(demand, Demands.Step, startupSeconds / 15);
        var runs = new NoRegretRun(service, NoRegretRunner.Targets, 100).Run(default).ToArray();
        Assert.Equal(Kinds, runs.Select(run => run.Forecasts).Distinct());
        Assert.All(runs, run =>
        {
            var row = new NoRegretRow("made", startupSeconds, run.Target, run.Forecasts, service.StartupSteps + 1, run.Books.OwnViolations, run.Books.HpaViolations, run.Books.OwnPods, run.Books.HpaPods);
            Assert.True(row.IsKept, $"{row}");
        });
    }
}
