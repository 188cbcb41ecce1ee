using ControlPlane.Embedded.Virtual;

namespace ControlPlane.Embedded.Tests.Virtual;

public sealed class EscapeTests
{
    [Fact]
    public void Body_AwaitsThePool_FailsTheRun()
        => Fails(async (_, journal) =>
        {
            var waiting = AwaitAsync(Task.Run(journal.PoolMayEnd.Wait));
            journal.PoolMayEnd.Set();
            await waiting;
        });

    [Fact]
    public void Body_WaitsForWhatNeverComes_FailsTheRun()
        => Fails((_, _) => new TaskCompletionSource().Task);

    [Fact]
    public void Grain_LeavesByTaskRun_FailsTheRun()
        => Fails(async (context, journal) =>
        {
            var call = context.Tally("a").LeaveByTaskRun();
            while (journal.Count("leaves") == 0)
            {
                await context.AdvanceAsync(TimeSpan.FromTicks(1));
            }

            journal.PoolMayEnd.Set();
            // In steps so small that the pool is done long before the call's time-out.
            while (!call.IsCompleted)
            {
                await context.AdvanceAsync(TimeSpan.FromTicks(1));
            }
        });

    [Fact]
    public void Grain_CalledFromAnotherThread_FailsTheRun()
        => Fails(async (context, journal) =>
        {
            var grain = context.Tally("a");
            var thread = new Thread(() => Record.Exception(() => { _ = grain.Add(1); }));
            thread.Start();
            thread.Join();
            await context.AdvanceAsync(TimeSpan.FromSeconds(1));
        });

    [Fact]
    public void Random_DrawnOnAnotherThread_FailsTheRun()
        => Fails(async (context, _) =>
        {
            var thread = new Thread(() => Record.Exception(() => context.Random.Next()));
            thread.Start();
            thread.Join();
            await context.AdvanceAsync(TimeSpan.FromSeconds(1));
        });

    [Fact]
    public void Run_WithoutEnd_FailsAtTheTurnLimit()
    {
        var failure = Assert.Throws<VirtualRunException>(() => VirtualRuns.Run(
            1,
            async (context, _) =>
            {
                while (true)
                {
                    await context.AdvanceAsync(TimeSpan.FromSeconds(1));
                }
            },
            new VirtualClusterOptions { MaxTurns = 1000 }));

        Assert.IsType<VirtualTimeEscapeException>(failure.InnerException);
    }

    [Theory]
    [InlineData("clean", 0)]
    [InlineData("escape", 3)]
    public async Task ThreadPool_UsedWithoutWaiting_FailsARunThatIsAloneInItsProcess(string mode, int exitCode)
    {
        using var child = ChildProcess.Start("pool", mode);
        var error = await child.StandardError.ReadToEndAsync();
        await child.WaitForExitAsync();

        Assert.True(child.ExitCode == exitCode, error);
    }

    private static async Task AwaitAsync(Task task) => await task;

    private static void Fails(Func<VirtualContext, Journal, Task> body)
        => Assert.IsType<VirtualTimeEscapeException>(Assert.Throws<VirtualRunException>(() => VirtualRuns.Run(1, body)).InnerException);
}
