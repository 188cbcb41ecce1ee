using ControlPlane.Embedded.Virtual;
using ControlPlane.Grains.Work;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Grains.Tests.Models;

/// <summary>Background work in virtual time.</summary>
public sealed class DeferredWorkTests
{
    private static readonly WorkRequest Small = new("work", 10);

    [Fact]
    public void Run_Work_RunsLaterAndGivesItsResult()
    {
        In(async (context, work) =>
        {
            var start = context.TimeProvider.GetUtcNow();
            var outcome = await work.Run(Small, _ => "done", default);

            Assert.Equal((WorkStatus.Completed, "done", null), (outcome.Status, outcome.Value, outcome.Error));
            Assert.InRange(context.TimeProvider.GetUtcNow() - start, TimeSpan.FromTicks(1), TimeSpan.FromSeconds(10));
        });
    }

    [Fact]
    public void Run_SeveralAtOnce_TakeTheirMomentsFromTheSeed()
    {
        Assert.Equal(Moments(1), Moments(1));
        Assert.NotEqual(Moments(1), Moments(2));
        Assert.Equal(5, Moments(1).Distinct().Count());
    }

    [Fact]
    public void Run_WorkThatThrowsOrIsCancelledOrTooLarge_EndsAsAnOutcome()
    {
        In(async (context, work) =>
        {
            using var cancelled = new CancellationTokenSource();
            var running = work.Run(Small, _ => "done", cancelled.Token);
            cancelled.Cancel();

            Assert.Equal("work failed: FormatException: bad", (await work.Run<string>(Small, _ => throw new FormatException("bad"), default)).Error);
            Assert.Equal(WorkStatus.OutOfMemory, (await work.Run<string>(Small, _ => throw new InsufficientMemoryException(), default)).Status);
            Assert.Equal(WorkStatus.Cancelled, (await running).Status);
            Assert.Equal(WorkStatus.Refused, (await work.Run(new WorkRequest("large", 1001), _ => "done", default)).Status);
        });
    }

    [Fact]
    public void Run_MoreThanMayWait_RefusesTheRest()
    {
        In(async (context, work) =>
        {
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => work.Run(Small, _ => "done", default)));
            Assert.Equal(5, outcomes.Count(o => o.Status == WorkStatus.Completed));
            Assert.Equal(3, outcomes.Count(o => o.Status == WorkStatus.Refused));
        });
    }

    private static long[] Moments(long seed)
    {
        var moments = new long[5];
        In((context, work) => Task.WhenAll(Enumerable.Range(0, 5).Select(async i =>
        {
            var start = context.TimeProvider.GetUtcNow();
            await work.Run(Small, _ => "done", default);
            moments[i] = (context.TimeProvider.GetUtcNow() - start).Ticks;
        })), seed);
        return moments;
    }

    private static void In(Func<VirtualContext, IBackgroundWork, Task> body, long seed = 0) => VirtualCluster.Run(
        1,
        silo => silo.Services.AddSingleton(new WorkOptions { Seed = seed, QueueLength = 5, MemoryLimitBytes = 1000 }).AddSingleton<IBackgroundWork, DeferredWork>(),
        context => body(context, context.Services.GetRequiredService<IBackgroundWork>()));
}
