using ControlPlane.Core.Forecasting.Models;
using ControlPlane.Core.Learning;
using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling;
using ControlPlane.Simulation.Backtest;
using ControlPlane.Simulation.Learning;
using ControlPlane.Simulation.Services;
using ControlPlane.Simulation.Tests.Backtest;
using ControlPlane.Simulation.Traces;

namespace ControlPlane.Simulation.Tests.Learning;

public sealed class AdviserTrainerTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);
    private static readonly AdviserTrainingOptions Options = new() { Id = ModelId.Of(AdviserKinds.Table, "1.0.0"), Courses = 3, Learning = new LearningOptions { Passes = 2, Updates = 50, Networks = 2, Caution = 0 } };

    [Fact]
    public void Train_TwoTraces_JudgesEachByTheOtherAndReproduces()
    {
        var cases = (BacktestCase[])[Case("a", 1, 1), Case("b", 2, 1)];
        var shares = new List<double>();
        var result = Train(cases, Options, new Shares(shares));

        Assert.Equal(["a", "b"], result.Rows.Select(row => row.Trace));
        Assert.All(result.Rows, row => Assert.True(row.Account.CostWithout > 0 && row.CostWith > 0));
        Assert.Equal((false, 2), (result.IsReleased, (int)result.Artifact.Scores.Single(s => s.Name == "traces").Value));
        Assert.False(AdviserModel.Of(result.Artifact).IsReleased);
        Assert.Equal(1, shares.Max(), 3);
        Assert.Equal(result.Artifact.Save(), Train(cases, Options).Artifact.Save());
        Assert.NotEqual(result.Artifact.Save(), Train(cases, Options with { Learning = Options.Learning with { Seed = 2 } }).Artifact.Save());
    }

    [Fact]
    public void Train_OneTrace_IsRefused()
    {
        var e = Assert.Throws<ArgumentException>(() => Train([Case("a", 1, 1), Case("a", 2, 1)], Options));
        Assert.Contains("two traces", e.Message, StringComparison.Ordinal);
    }

    /// <summary>Beside a policy that says Shadow an adviser records its account and changes no decision; every decision replays from its record alone.</summary>
    [Theory]
    [InlineData(AdviserKinds.Table)]
    [InlineData(AdviserKinds.Dqn)]
    public void Run_AdviserInShadow_DecidesTheSameAndReplays(string kind)
    {
        var one = Case("a", 3, 1);
        var options = Options with { Id = ModelId.Of(kind, "1.0.0") };
        var artifact = Train([one, Case("b", 4, 1)], options).Artifact;
        var shadow = one with { Options = one.Options with { Adviser = artifact, Policy = one.Options.Policy with { Adviser = AdviserMode.Shadow } } };

        var (plain, advised) = (Records(one), Records(shadow));
        Assert.Equal(plain.Select(r => r.Decision.DesiredReplicas), advised.Select(r => r.Decision.DesiredReplicas));
        Assert.All(plain, r => Assert.Null(r.Input.Advice));
        Assert.All(advised.Where((_, i) => i % 97 == 0), r => Assert.True(r.IsReproducible()));
        Assert.True(advised[^1].Before.Adviser!.Trial.CostWithout > 0);
        Assert.Contains(advised, r => r.Input.Advice!.Move != AdviserMove.None);
    }

    private static AdviserTrainingResult Train(IReadOnlyList<BacktestCase> cases, AdviserTrainingOptions options, IProgress<double>? progress = null) =>
        new AdviserTrainer(TimeProvider.System).Train(cases, options, progress, CancellationToken.None);

    private static List<DecisionRecord> Records(BacktestCase one)
    {
        var records = new List<DecisionRecord>();
        new BacktestRunner(TimeProvider.System).RunMethod(service => ScalingMethods.Make(BacktestOptions.Own, one.Options, service), one.Start, one.Load, one.Options, records.Add);
        return records;
    }

    private static BacktestCase Case(string name, ulong seed, int days)
    {
        var load = LoadSeries.FromRates(Demands.Daily(days, seed).Select(pods => 50 * pods));
        var profile = ServiceSizing.Profile(new PolicyDocument(), StartupTime.Constant(TimeSpan.FromSeconds(60)));
        return new BacktestCase { Trace = name, Start = Start, Load = load, Options = new BacktestOptions { Policy = ServiceSizing.DefaultPolicy(load, profile), Profile = profile } };
    }

    private sealed class Shares(List<double> shares) : IProgress<double>
    {
        public void Report(double value)
        {
            lock (shares) shares.Add(value);
        }
    }
}
