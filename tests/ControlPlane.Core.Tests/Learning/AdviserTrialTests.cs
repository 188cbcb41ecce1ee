using ControlPlane.Core.Forecasting.Neural;
using ControlPlane.Core.Learning;
using ControlPlane.Core.Scaling.Hpa;

namespace ControlPlane.Core.Tests.Learning;

public sealed class AdviserTrialTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(5);
    private static readonly int StepsOfBlock = (int)(AdviserTrial.Block / Step);

    [Fact]
    public void Add_SteadySavings_ProvesItself()
    {
        var trial = Run(AdviserTrial.Empty, 84, _ => 0.02);
        Assert.Equal(AdviserStanding.Proven, trial.Standing);
        Assert.Equal(0.02, trial.SavedShare, 0.01);
    }

    [Fact]
    public void Add_SteadyLosses_RetiresAtTheFirstLook() => Assert.Equal(AdviserStanding.Retired, Run(AdviserTrial.Empty, 12, _ => -0.02, noise: 0.004).Standing);

    [Fact]
    public void Add_BeforeTheFirstLook_StaysInShadow() => Assert.Equal(AdviserStanding.Shadow, Run(AdviserTrial.Empty, 11, _ => 0.02).Standing);

    [Fact]
    public void Add_NoDifference_RetiresAfterTheLastLook()
    {
        Assert.Equal(AdviserStanding.Shadow, Run(AdviserTrial.Empty, 83, _ => 0, noise: 0).Standing);
        Assert.Equal(AdviserStanding.Retired, Run(AdviserTrial.Empty, 84, _ => 0, noise: 0).Standing);
    }

    /// <summary>Of advisers that save nothing few may ever be let through: 2.5% are promised, of 200 at most 5 expected.</summary>
    [Fact]
    public void Add_OnlyNoise_SeldomProvesItself()
    {
        var proven = Enumerable.Range(0, 200).Count(seed => Run(AdviserTrial.Empty, 84, _ => 0, seed: (ulong)seed, untilProven: true).Standing == AdviserStanding.Proven);
        Assert.InRange(proven, 0, 10);
    }

    [Fact]
    public void Add_ProvenThatGoesBad_IsOutAsSoonAsNothingIsSaved()
    {
        var proven = Run(AdviserTrial.Empty, 12, _ => 0.02, noise: 0.004);
        Assert.Equal(AdviserStanding.Proven, proven.Standing);
        var after = Run(proven, 13, _ => -0.02, seed: 9, noise: 0.004);
        Assert.Equal(AdviserStanding.Retired, after.Standing);
        Assert.InRange(after.SavedShare, -0.005, 0.005);
        Assert.Equal(AdviserStanding.Retired, Run(after, 200, _ => 0.1).Standing);
    }

    [Fact]
    public void Add_ProvenThatStaysGood_StaysAndIsBounded()
    {
        var trial = Run(AdviserTrial.Empty, 500, _ => 0.02);
        Assert.Equal(AdviserStanding.Proven, trial.Standing);
        Assert.InRange(trial.Blocks.Length, 0, 84);
    }

    private static AdviserTrial Run(AdviserTrial trial, int blocks, Func<int, double> saved, ulong seed = 1, double noise = 0.01, bool untilProven = false)
    {
        var random = new SeededNoise(seed);
        var course = new AdviserCourse { Limits = HpaState.Empty, Replicas = 10, StepCost = 10 };
        for (var block = 0; block < blocks; block++)
        {
            var share = saved(block) + noise * random.NextNormal();
            for (var step = 0; step < StepsOfBlock; step++) trial = trial.Add(course, course with { StepCost = 10 * (1 - share) }, Step);
            if (untilProven && trial.Standing == AdviserStanding.Proven) break;
        }

        return trial;
    }
}
