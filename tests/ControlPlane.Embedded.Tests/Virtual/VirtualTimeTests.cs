using Orleans.Runtime;

namespace ControlPlane.Embedded.Tests.Virtual;

public sealed class VirtualTimeTests
{
    [Fact]
    public void Advance_ThirtyDays_TakesThemOnTheClock()
    {
        var result = VirtualRuns.Run(1, async (context, _) =>
        {
            var start = context.TimeProvider.GetUtcNow();
            await context.AdvanceAsync(TimeSpan.FromDays(30));
            Assert.Equal(TimeSpan.FromDays(30), context.TimeProvider.GetUtcNow() - start);
        });

        Assert.Equal(TimeSpan.FromDays(30), result.Elapsed);
    }

    [Fact]
    public void Timer_EveryTenSeconds_TicksExactlyThen() => VirtualRuns.Run(1, async (context, journal) =>
    {
        await context.Tally("a").StartTicking(TimeSpan.FromSeconds(10));
        await context.AdvanceAsync(TimeSpan.FromSeconds(35));

        Assert.Equal(["a tick 00:00:10", "a tick 00:00:20", "a tick 00:00:30"], journal.Entries.Where(e => e.Contains("tick", StringComparison.Ordinal)));
    });

    [Fact]
    public void IdleActivation_PastItsAge_EndsThoughItsTimerTicks() => VirtualRuns.Run(1, async (context, journal) =>
    {
        await context.Tally("a").StartTicking(TimeSpan.FromMinutes(1));
        await context.AdvanceAsync(TimeSpan.FromMinutes(9));
        Assert.Equal(1, context.Activations);
        await context.AdvanceAsync(TimeSpan.FromMinutes(3));
        Assert.Equal(0, context.Activations);
        var ticks = journal.Entries.Count;
        await context.AdvanceAsync(TimeSpan.FromMinutes(5));
        Assert.Equal(ticks, journal.Entries.Count);
    });

    [Theory]
    [InlineData("b", "b,a", "tally/a -> tally/b -> tally/a")]
    [InlineData("a", "a", "tally/a -> tally/a")]
    [InlineData("c", "b,c,a", "tally/a -> tally/b -> tally/c -> tally/a")]
    public void CycleOfCalls_TimesOutAtTheLimit_NamesTheCycle(string _, string through, string cycle) => VirtualRuns.Run(1, async (context, _) =>
    {
        var start = context.TimeProvider.GetUtcNow();
        var failure = await Assert.ThrowsAsync<TimeoutException>(() => context.Tally("a").CallBack(through));

        Assert.Contains(cycle, failure.Message, StringComparison.Ordinal);
        Assert.InRange(context.TimeProvider.GetUtcNow() - start, TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(31));
    });

    [Fact]
    public void SlowCall_TimesOut_NamesNoCycleAndStillFinishes() => VirtualRuns.Run(1, async (context, journal) =>
    {
        var failure = await Assert.ThrowsAsync<TimeoutException>(() => context.Tally("a").Slow(TimeSpan.FromSeconds(45)));
        Assert.Contains("tally/a.Slow", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("->", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, journal.Count("a done"));
        await context.AdvanceAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(1, journal.Count("a done"));
    });

    [Fact]
    public void Reminder_SurvivesCrashesAndKeepsItsRhythm() => VirtualRuns.Run(1, async (context, journal) =>
    {
        await context.Tally("a").Remind(TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(5));
        await context.AdvanceAsync(TimeSpan.FromMinutes(3));
        await context.CrashAndRestartAsync();
        await context.AdvanceAsync(TimeSpan.FromMinutes(10));
        await context.Tally("a").ForgetReminder();
        await context.AdvanceAsync(TimeSpan.FromMinutes(20));

        Assert.Equal(
            ["a reminded 00:02:00", "a reminded 00:07:00", "a reminded 00:12:00"],
            journal.Entries.Where(e => e.Contains("reminded", StringComparison.Ordinal)));
    });

    [Fact]
    public void Crash_InTheMiddle_KeepsWhatWasStoredAndNothingElse() => VirtualRuns.Run(1, async (context, journal) =>
    {
        await context.Tally("a").Add(5);
        var lost = context.Tally("b").Slow(TimeSpan.FromSeconds(5));
        await context.AdvanceAsync(TimeSpan.FromSeconds(1));
        await context.CrashAndRestartAsync();

        await Assert.ThrowsAsync<SiloUnavailableException>(() => lost);
        Assert.Equal(0, context.Activations);
        Assert.Equal(5, await context.Tally("a").Stored());
        await context.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal((1, 0, 2), (journal.Count("b slow"), journal.Count("b done"), journal.Count("a activated")));
    });

    [Fact]
    public void FailingConsumer_IsTriedAgainForAMinuteThenGivenUp() => VirtualRuns.Run(1, async (context, journal) =>
    {
        await context.Publish(-1);
        await context.Publish(2);
        await context.AdvanceAsync(TimeSpan.FromSeconds(55));
        Assert.Equal(["ear -1 00:00:00.0", "ear -1 00:00:01.4", "ear -1 00:00:03.4", "ear -1 00:00:05.4"], journal.Entries.Take(4));
        Assert.Equal(0, journal.Count("ear 2"));
        await context.AdvanceAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(1, journal.Count("ear error negative"));
        Assert.Equal(1, journal.Count("ear 2"));
    });

    [Fact]
    public void Publish_ToAConsumerTooFarBehind_Fails() => VirtualRuns.Run(1, async (context, _) =>
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                await context.Publish(-1);
            }
        });

        Assert.Contains("numbers/x", failure.Message, StringComparison.Ordinal);
    });
}
