using ControlPlane.Embedded.Virtual;
using Orleans.Runtime;
using Orleans.Storage;

namespace ControlPlane.Embedded.Tests.Virtual;

public sealed class FaultTests
{
    [Fact]
    public void KillActivation_InTheMiddleOfACall_NothingOfItRunsAgain() => VirtualRuns.Run(1, async (context, journal) =>
    {
        var call = context.Tally("a").Slow(TimeSpan.FromSeconds(5));
        await context.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.True(context.Kill(context.Tally("a")));

        await Assert.ThrowsAsync<TimeoutException>(() => call);
        Assert.Equal(0, journal.Count("a done"));
        Assert.Equal(1, await context.Tally("a").Add(1));
        Assert.Equal(2, journal.Count("a activated"));
        Assert.Equal(1, context.Faults.Count(FaultKind.KillActivation));
    });

    [Fact]
    public void AbandonActivation_Zombie_GoesOnBesideItsSuccessorUntilStorageStopsIt() => VirtualRuns.Run(1, async (context, journal) =>
    {
        await context.Tally("a").StartTicking(TimeSpan.FromSeconds(10));
        var zombie = context.Tally("a").Forward("other", TimeSpan.FromSeconds(3));
        await context.AdvanceAsync(TimeSpan.FromSeconds(1));
        var zombieWrite = context.Tally("a").Add(100);
        await context.AdvanceAsync(TimeSpan.FromSeconds(1));
        Assert.True(context.Abandon(context.Tally("a")));
        Assert.Equal(1, await context.Tally("a").Add(1));

        await zombie;
        await Assert.ThrowsAsync<InconsistentStateException>(() => zombieWrite);
        Assert.Equal(2, journal.Count("a activated"));
        Assert.Equal(2, await context.Tally("a").Add(1));
    });

    [Fact]
    public void LoseAnswer_CallWasCarriedOut_CallerTimesOut() => VirtualRuns.Run(1, async (context, _) =>
    {
        context.Faults.Once(FaultKind.LoseAnswer, context.Tally("a"));

        await Assert.ThrowsAsync<TimeoutException>(() => context.Tally("a").Add(1));

        Assert.Equal(1, await context.Tally("a").Stored());
    });

    [Fact]
    public void DelayAnswer_CallerWaits_AnswerArrives() => VirtualRuns.Run(1, async (context, _) =>
    {
        context.Faults.Once(FaultKind.DelayAnswer, context.Tally("a"));
        var start = context.TimeProvider.GetTimestamp();

        Assert.Equal(1, await context.Tally("a").Add(1));

        Assert.InRange(context.TimeProvider.GetElapsedTime(start), TimeSpan.FromTicks(1), context.Faults.MaxDelay);
    });

    [Fact]
    public void FailStorageBefore_NothingWasWritten_NextWriteGoesThrough() => VirtualRuns.Run(1, async (context, _) =>
    {
        await context.Tally("a").Stored();
        context.Faults.Once(FaultKind.FailStorageBefore, context.Tally("a"));

        var failure = await Assert.ThrowsAsync<OrleansException>(() => context.Tally("a").Add(1));

        Assert.IsType<IOException>(failure.InnerException);
        Assert.True(context.Kill(context.Tally("a")));
        Assert.Equal(0, await context.Tally("a").Stored());
    });

    [Fact]
    public void FailStorageAfter_ItWasWritten_NextWriteConflictsAndNextActivationSeesIt() => VirtualRuns.Run(1, async (context, _) =>
    {
        await context.Tally("a").Stored();
        context.Faults.Once(FaultKind.FailStorageAfter, context.Tally("a"));
        var failure = await Assert.ThrowsAsync<OrleansException>(() => context.Tally("a").Add(1));
        Assert.IsType<IOException>(failure.InnerException);

        await Assert.ThrowsAsync<InconsistentStateException>(() => context.Tally("a").Add(1));

        Assert.Equal(1, await context.Tally("a").Stored());
    });

    [Fact]
    public void DelayStorage_WriteTakesTime() => VirtualRuns.Run(1, async (context, _) =>
    {
        await context.Tally("a").Stored();
        context.Faults.Once(FaultKind.DelayStorage, context.Tally("a"));
        var start = context.TimeProvider.GetTimestamp();
        await context.Tally("a").Add(1);

        Assert.InRange(context.TimeProvider.GetElapsedTime(start), TimeSpan.FromTicks(1), context.Faults.MaxDelay);
    });

    [Fact]
    public void LoseEvent_ItNeverArrives() => Events(FaultKind.LoseEvent, ["ear 2", "ear 3"]);

    [Fact]
    public void DuplicateEvent_ItArrivesTwice() => Events(FaultKind.DuplicateEvent, ["ear 1", "ear 1", "ear 2", "ear 3"]);

    [Fact]
    public void DelayEvent_LaterOnesOvertakeIt() => Events(FaultKind.DelayEvent, ["ear 2", "ear 3", "ear 1"]);

    [Fact]
    public void Probability_OnlyForSomeGrains_SparesTheOthers() => VirtualRuns.Run(1, async (context, _) =>
    {
        context.Faults.Only = grain => grain.Key.ToString() == "a";
        context.Faults[FaultKind.FailStorageBefore] = 1;
        Assert.Equal(1, await context.Tally("b").Add(1).WaitAsync(Timeout.InfiniteTimeSpan, context.TimeProvider));
        await Assert.ThrowsAsync<OrleansException>(() => context.Tally("a").Add(1));
        context.Faults.Stop();

        Assert.Equal(1, await context.Tally("a").Add(1));
        Assert.Equal(1, context.Faults.Count(FaultKind.FailStorageBefore));
    });

    [Fact]
    public void Turmoil_EveryKindOfFault_HappensOverAFewSeeds()
    {
        var counts = new long[Enum.GetValues<FaultKind>().Length];
        for (var seed = 0; seed < 20; seed++)
        {
            VirtualRuns.Run(seed, async (context, journal) =>
            {
                await VirtualRuns.Turmoil(context, journal);
                foreach (var kind in Enum.GetValues<FaultKind>())
                {
                    counts[(int)kind] += context.Faults.Count(kind);
                }
            });
        }

        Assert.All(counts, count => Assert.True(count > 0));
    }

    private static void Events(FaultKind fault, string[] expected) => VirtualRuns.Run(1, async (context, journal) =>
    {
        context.Faults.Once(fault);
        foreach (var value in new[] { 1, 2, 3 })
        {
            await context.Publish(value);
        }

        await context.AdvanceAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(expected, journal.Entries);
    });
}
