using ControlPlane.Core.Policies;
using ControlPlane.Simulation.Faults;
using ControlPlane.Simulation.Services;
using ControlPlane.Simulation.Traces;

namespace ControlPlane.Simulation.Tests.Faults;

public sealed class FaultLabTests
{
    private const int Seeds = 3;

    public static TheoryData<string> OfPods => [.. FaultScenario.All.Where(s => !s.IsCommon).Select(s => s.Name)];

    public static TheoryData<string> Common => [.. FaultScenario.All.Where(s => s.IsCommon).Select(s => s.Name)];

    [Theory, MemberData(nameof(OfPods))]
    public void Run_FaultOfAPodOrNode_IsFoundAndHealedInAThirdOfTheTime(string name)
    {
        var row = Run(name);
        Assert.Equal(Seeds, row.Detected);
        Assert.True(row.RecoveryRatio <= 0.35, $"{row.RecoverySeconds} s of {row.UnhealedRecoverySeconds} s");
        Assert.True(row.ViolationRatio < 1, $"{row.ViolationRatio}");
        Assert.InRange(row.MostEvictions, 1, 6);
        Assert.Equal((0, 0), (row.BrokenBudgets, row.FalseFindings));
    }

    [Theory, MemberData(nameof(Common))]
    public void Run_FaultOfAllPods_IsReportedAndNobodyIsEvicted(string name)
    {
        var row = Run(name);
        Assert.Equal(Seeds, row.Detected);
        Assert.Equal((0, 0, 0), (row.Evictions, row.BrokenBudgets, row.FalseFindings));
    }

    [Fact]
    public void Tell_SameSeed_TellsTheSameStory()
    {
        var scenario = FaultScenario.All[0];
        var story = FaultStory.Tell(scenario, 5).ToList();
        Assert.Equal(story, FaultStory.Tell(scenario, 5));
        Assert.Contains(story, line => line.Contains("evicts service-", StringComparison.Ordinal));
        Assert.NotEqual(story, FaultStory.Tell(scenario, 6));
    }

    [Fact]
    public void Healthy_TwoDays_AreLeftAlone()
    {
        var rates = Enumerable.Range(0, 2 * 5760).Select(i => 300 + 200 * Math.Sin(2 * Math.PI * i / 5760));
        var policy = new PolicyDocument { Mode = PolicyMode.Auto, MinReplicas = 2, MaxReplicas = 40 };
        var row = HealthyRun.Run("sine", LoadSeries.FromRates(rates), new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero), new ServiceProfile(), policy, 1);
        Assert.Equal((2, 0), (row.Days, row.Actions));
        Assert.InRange(row.MeanPods, 5, 15);
    }

    private static FaultRow Run(string name) => Assert.Single(FaultLab.Run([FaultScenario.All.Single(s => s.Name == name)], Seeds));
}
