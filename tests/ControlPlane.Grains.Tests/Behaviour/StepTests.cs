using ControlPlane.Core.Metrics;
using ControlPlane.Core.Policies;
using ControlPlane.Core.Workloads;
using ControlPlane.Kubernetes;

namespace ControlPlane.Grains.Tests.Behaviour;

/// <summary>Steps keep to the grid, however long a collector takes.</summary>
public sealed class StepTests
{
    [Theory]
    [InlineData(6)]
    [InlineData(14)]
    public void Tick_CollectorSlowWithinAStep_NeitherShiftsNorSkipsLaterTicks(int seconds)
    {
        var (asked, observed) = Run(seconds, 3);

        Assert.All(asked, time => Assert.Equal(0, time.UtcTicks % PolicyDocument.DefaultStep.Ticks));
        Assert.Equal(Enumerable.Range(1, 20).Select(step => Cli.Demo.DemoScenario.Start + step * PolicyDocument.DefaultStep), asked.Take(20));
        Assert.Equal(observed.Distinct().Order(), observed.Distinct());
        Assert.All(observed, time => Assert.Equal(0, time.UtcTicks % PolicyDocument.DefaultStep.Ticks));
    }

    [Fact]
    public void Tick_CollectorSlowerThanAStep_GoesOnAtTheNextStep()
    {
        var (asked, _) = Run(20, 3);

        var steps = asked.Select(time => (int)((time - Cli.Demo.DemoScenario.Start) / PolicyDocument.DefaultStep));
        Assert.Equal([1, 2, 3, 5, 6, 7, 8, 9, 10], steps.Take(9));
        Assert.All(asked, time => Assert.Equal(0, time.UtcTicks % PolicyDocument.DefaultStep.Ticks));
    }

    [Fact]
    public void Tick_EveryReadingSlow_StaysOnTheGrid()
    {
        var (asked, observed) = Run(10, 0);

        Assert.All(asked.Concat(observed), time => Assert.Equal(0, time.UtcTicks % PolicyDocument.DefaultStep.Ticks));
        Assert.True(asked.Count >= 20);
    }

    /// <summary>When the collector was asked, and the times of the steps that were seen, with one slow call (0: all are).</summary>
    private static (List<DateTimeOffset> Asked, List<DateTimeOffset> Observed) Run(int seconds, int slowCall)
    {
        var asked = new List<DateTimeOffset>();
        var observed = new List<DateTimeOffset>();
        var scene = Scene.Of(Scene.Reactive, 60, configure: Scene.AroundCollector((inner, time) => new SlowCollector(inner, time, asked, TimeSpan.FromSeconds(seconds), slowCall)));
        scene.Run(21, async (context, _) =>
        {
            if ((await scene.ServiceOf(context).GetSnapshot()).Observation is { } observation) observed.Add(observation.Time);
        });
        return (asked, observed);
    }

    private sealed class SlowCollector(IWorkloadCollector inner, TimeProvider time, List<DateTimeOffset> asked, TimeSpan delay, int slowCall) : IWorkloadCollector
    {
        public async Task<WorkloadReading> CollectAsync(WorkloadSpec spec, CancellationToken cancellationToken)
        {
            asked.Add(time.GetUtcNow());
            if (slowCall == 0 || asked.Count == slowCall)
            {
                var over = new TaskCompletionSource();
                await using var timer = time.CreateTimer(static over => ((TaskCompletionSource)over!).TrySetResult(), over, delay, Timeout.InfiniteTimeSpan);
                await over.Task;
            }
            return await inner.CollectAsync(spec, cancellationToken);
        }
    }
}
