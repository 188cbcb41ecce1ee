using ControlPlane.Contract.Tests.Wiring;

namespace ControlPlane.Contract.Tests.Calls;

public sealed class TimeOutTests
{
    private static readonly ContractHostSettings Impatient = new() { ResponseTimeout = TimeSpan.FromSeconds(1) };

    [Fact]
    public async Task Call_NotAnsweredInTime_TimesOutAndStillFinishes()
    {
        await using var host = await ContractHost.StartAsync(Impatient);
        var grain = host.Client.GetGrain<ICallGrain>("late");

        await Assert.ThrowsAsync<TimeoutException>(() => grain.Block("a"));

        var probe = Probe.Of("late");
        Assert.True(probe.IsSignalled("entered-a"));
        probe.Signal("leave-a");
        await Probe.EventuallyAsync(() => probe.Count("left-a") == 1, "the call that timed out ends");
        await Probe.EventuallyAsync(async () => await grain.Add(1) > 0, "the grain takes calls again");
    }

    [Fact]
    public async Task Call_ToItself_TimesOut()
    {
        await using var host = await ContractHost.StartAsync(Impatient);

        await Assert.ThrowsAsync<TimeoutException>(() => host.Client.GetGrain<ICallGrain>("narcissus").CallYourself());
    }

    [Fact]
    public async Task Call_InACircle_TimesOut()
    {
        await using var host = await ContractHost.StartAsync(Impatient);

        await Assert.ThrowsAsync<TimeoutException>(() => host.Client.GetGrain<ICallGrain>("circle-1").CallInCircle("circle-2", goesOn: true));
    }
}
