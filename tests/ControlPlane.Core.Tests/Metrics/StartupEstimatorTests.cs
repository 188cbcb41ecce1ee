using System.Collections.Immutable;
using ControlPlane.Core.Metrics;

namespace ControlPlane.Core.Tests.Metrics;

public sealed class StartupEstimatorTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Observe_PodsThereAtTheFirstLook_SayNothing()
    {
        var estimator = new StartupEstimator();
        estimator.Observe([Ready("old", 5000)]);
        Assert.Null(estimator.Seconds);
    }

    [Fact]
    public void Observe_PodBecomesReady_IsMeasuredOnce()
    {
        var estimator = new StartupEstimator();
        estimator.Observe([Ready("old", 5000), Ready("new", 0) with { IsReady = false }]);
        estimator.Observe([Ready("old", 5000), Ready("new", 42)]);
        Assert.Equal(42, estimator.Seconds);
        estimator.Observe([Ready("new", 0) with { IsReady = false }]);
        estimator.Observe([Ready("new", 900)]);
        Assert.Equal(42, estimator.Seconds);
    }

    [Fact]
    public void Seconds_ManyPods_IsTheNinetiethPercentileOfTheLast()
    {
        var estimator = new StartupEstimator();
        estimator.Observe([]);
        for (var i = 0; i < 20; i++) estimator.Observe([Ready($"slow{i}", 600)]);
        for (var i = 1; i <= 32; i++) estimator.Observe([Ready($"p{i}", i)]);
        Assert.Equal(29, estimator.Seconds);
    }

    [Fact]
    public void Observe_PodWithoutTimes_SaysNothing()
    {
        var estimator = new StartupEstimator();
        estimator.Observe([]);
        estimator.Observe([Ready("a", 3) with { CreatedAt = null }, Ready("b", -3)]);
        Assert.Null(estimator.Seconds);
    }

    [Fact]
    public void Observe_PodIsGoneAndComesBack_IsMeasuredAnew()
    {
        var estimator = new StartupEstimator();
        estimator.Observe([Ready("old", 5000), Ready("stays", 5000)]);
        estimator.Observe([Ready("stays", 5000)]);
        Assert.Null(estimator.Seconds);
        estimator.Observe([Ready("stays", 5000), Ready("old", 7)]);
        Assert.Equal(7, estimator.Seconds);
    }

    [Fact]
    public void Observe_TheSameArrayAgain_SaysNothingNew()
    {
        var estimator = new StartupEstimator();
        estimator.Observe([]);
        ImmutableArray<PodStatus> pods = [Ready("a", 10), Ready("b", 20)];
        for (var i = 0; i < 40; i++) estimator.Observe(pods);
        estimator.Observe([.. pods, Ready("c", 30)]);
        Assert.Equal(30, estimator.Seconds);
    }

    private static PodStatus Ready(string name, double seconds) => new()
    {
        Name = name,
        Phase = PodPhase.Running,
        IsReady = true,
        CreatedAt = Start,
        ReadyChangedAt = Start.AddSeconds(seconds),
    };
}
