using ControlPlane.Core.Forecasting.Models;
using ControlPlane.Grains.Work;
using ControlPlane.Silo.Work;

namespace ControlPlane.Silo.Tests.Work;

/// <summary>Background work on threads: bounded, cancellable, and never a failure of its caller.</summary>
public sealed class ThreadedWorkTests
{
    private static readonly WorkRequest Small = new("work", 10);
    private static readonly WorkOptions Options = new() { QueueLength = 3, MemoryLimitBytes = 1 << 20 };

    [Fact]
    public async Task Run_Work_GivesItsResultFromAnotherThread()
    {
        using var work = new ThreadedWork(Options, TimeProvider.System);
        var outcome = await work.Run(Small, _ => Thread.CurrentThread.Name!, default);

        Assert.Equal((WorkStatus.Completed, "background work 0"), (outcome.Status, outcome.Value));
    }

    [Fact]
    public async Task Run_WorkThatThrows_EndsAsAnOutcomeAndTheThreadGoesOn()
    {
        using var work = new ThreadedWork(Options, TimeProvider.System);

        Assert.Equal("work failed: FormatException: bad", (await work.Run<string>(Small, _ => throw new FormatException("bad"), default)).Error);
        Assert.Equal(WorkStatus.Failed, (await work.Run<string>(Small, _ => throw new OperationCanceledException(), default)).Status);
        Assert.Equal(WorkStatus.Completed, (await work.Run(Small, _ => "done", default)).Status);
    }

    [Fact]
    public async Task Run_Cancelled_EndsAtOnceEvenIfTheWorkDoesNotHeedIt()
    {
        using var work = new ThreadedWork(Options, TimeProvider.System);
        using var begun = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        using var cancelled = new CancellationTokenSource();
        var running = work.Run(Small, _ => Wait(begun, release), cancelled.Token);
        begun.Wait(Bound);
        await cancelled.CancelAsync();

        Assert.Equal(WorkStatus.Cancelled, (await running).Status);
        release.Set();
        Assert.Equal(WorkStatus.Completed, (await work.Run(Small, _ => "done", default)).Status);
    }

    [Fact]
    public async Task Run_LongerThanItsTime_IsToldToStop()
    {
        using var work = new ThreadedWork(Options with { TimeLimit = TimeSpan.FromMilliseconds(1) }, TimeProvider.System);
        var outcome = await work.Run<string>(Small, Forever, default);

        Assert.Equal((WorkStatus.TimedOut, "work took too long"), (outcome.Status, outcome.Error));
    }

    [Fact]
    public async Task Run_AllocatingTooMuch_IsStopped()
    {
        using var work = new ThreadedWork(Options, TimeProvider.System);
        var outcome = await work.Run<string>(Small, budget =>
        {
            var kept = new List<byte[]>();
            while (true)
            {
                budget.Check();
                kept.Add(new byte[64 * 1024]);
            }
        }, default);

        Assert.Equal(WorkStatus.OutOfMemory, outcome.Status);
        Assert.Equal(WorkStatus.Refused, (await work.Run(new WorkRequest("large", 2 << 20), _ => "done", default)).Status);
    }

    [Fact]
    public async Task Run_MoreThanMayWait_AreRefusedAndOneRunsAtATime()
    {
        using var work = new ThreadedWork(Options, TimeProvider.System);
        using var begun = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        var first = work.Run(Small, _ => Wait(begun, release), default);
        begun.Wait(Bound);
        var (inside, most) = (0, 0);
        var others = Enumerable.Range(0, 5).Select(_ => work.Run(Small, _ =>
        {
            most = Math.Max(most, Interlocked.Increment(ref inside));
            Interlocked.Decrement(ref inside);
            return "done";
        }, default)).ToArray();
        release.Set();

        Assert.Equal(2, (await Task.WhenAll(others)).Count(o => o.Status == WorkStatus.Refused));
        Assert.Equal((WorkStatus.Completed, 1), ((await first).Status, most));
    }

    [Fact]
    public async Task Dispose_WhileWorkRuns_CancelsIt()
    {
        using var begun = new ManualResetEventSlim();
        var work = new ThreadedWork(Options, TimeProvider.System);
        var running = work.Run<string>(Small, budget =>
        {
            begun.Set();
            return Forever(budget);
        }, default);
        begun.Wait(Bound);
        work.Dispose();

        Assert.Equal(WorkStatus.Cancelled, (await running).Status);
        Assert.Equal(WorkStatus.Refused, (await work.Run(Small, _ => "done", default)).Status);
    }

    /// <summary>Far more than any wait here takes.</summary>
    private static TimeSpan Bound => TimeSpan.FromMinutes(2);

    private static string Wait(ManualResetEventSlim begun, ManualResetEventSlim release)
    {
        begun.Set();
        release.Wait(Bound);
        return "done";
    }

    private static string Forever(IWorkBudget budget)
    {
        while (true) budget.Check();
    }
}
