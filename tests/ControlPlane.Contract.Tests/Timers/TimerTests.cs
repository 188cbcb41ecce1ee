namespace ControlPlane.Contract.Tests.Timers;

[Collection(ContractCollection.Name)]
public sealed class TimerTests(ContractSilo silo)
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Never = Timeout.InfiniteTimeSpan;

    [Fact]
    public async Task Timer_WithPeriod_TicksAgainAndAgain()
    {
        await Grain("again").Start("t", Soon, Soon);

        await Ticks("again", "t", 3);
    }

    [Fact]
    public async Task Timer_ThatThrows_GoesOn()
    {
        await Grain("throws").Start("t", Soon, Soon, throws: true);

        await Ticks("throws", "t", 3);
    }

    [Fact]
    public async Task Timer_WithoutPeriod_TicksOnce()
    {
        await Grain("once").Start("t", Soon, Never);
        await Grain("once").Start("other", Soon, Soon);

        await Ticks("once", "other", 5);
        Assert.Equal(1, Probe.Of("once").Count("t"));
    }

    [Fact]
    public async Task Timer_DuringAnAwaitedCall_TicksOnlyIfItInterleaves()
    {
        var grain = Grain("during");
        await grain.Start("alone", Soon, Soon);
        await grain.Start("between", Soon, Soon, interleave: true);
        await Ticks("during", "alone", 1);

        Assert.Equal(0, await grain.TicksDuringAwait("alone", "between"));
        var before = Probe.Of("during").Count("alone");
        await Ticks("during", "alone", before + 1);
    }

    [Fact]
    public async Task Change_OfAWaitingTimer_TakesEffect()
    {
        var grain = Grain("change");
        await grain.Start("t", TimeSpan.FromHours(1), TimeSpan.FromHours(1));
        await grain.Change("t", Soon, Soon);

        await Ticks("change", "t", 2);
    }

    [Fact]
    public async Task Dispose_OfATimer_EndsIt()
    {
        var grain = Grain("stop");
        await grain.Start("t", Soon, Soon);
        await Ticks("stop", "t", 1);
        await grain.Stop("t");
        var before = Probe.Of("stop").Count("t");
        await grain.Start("other", Soon, Soon);
        await Ticks("stop", "other", 5);

        Assert.Equal(before, Probe.Of("stop").Count("t"));
    }

    [Fact]
    public async Task Deactivation_EndsTheTimers()
    {
        var grain = Grain("end");
        await grain.Start("t", Soon, Soon);
        await Ticks("end", "t", 1);
        await grain.End();
        await grain.Start("other", Soon, Soon);
        var before = Probe.Of("end").Count("t");
        await Ticks("end", "other", 5);

        Assert.Equal(before, Probe.Of("end").Count("t"));
    }

    [Fact]
    public async Task Reminder_Registered_IsReceivedAlsoByALaterActivation()
    {
        var grain = Grain("remind");
        await grain.Remind("r", TimeSpan.FromMilliseconds(500), TimeSpan.FromMinutes(1));
        await grain.End();

        await Ticks("remind", "reminded r", 1);
        Assert.Equal("r", await grain.Reminder("r"));
    }

    [Fact]
    public async Task Reminder_Unregistered_IsGone()
    {
        var grain = Grain("forget");
        await grain.Remind("r", TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5));
        await grain.ForgetReminder("r");

        Assert.Null(await grain.Reminder("r"));
    }

    [Fact]
    public async Task Reminder_WithAPeriodBelowTheMinimum_IsRefused()
        => await Assert.ThrowsAsync<ArgumentException>(() => Grain("short").Remind("r", TimeSpan.Zero, TimeSpan.FromSeconds(1)));

    private static Task Ticks(string key, string name, int count)
        => Probe.EventuallyAsync(() => Probe.Of(key).Count(name) >= count, $"{count} times {name}");

    private ITimerGrain Grain(string key) => silo.Client.GetGrain<ITimerGrain>(key);
}
