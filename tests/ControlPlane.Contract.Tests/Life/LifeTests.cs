using ControlPlane.Contract.Tests.Wiring;

namespace ControlPlane.Contract.Tests.Life;

[Collection(ContractCollection.Name)]
public sealed class LifeTests(ContractSilo silo)
{
    [Fact]
    public async Task OnActivateAsync_Fails_CallerGetsTheExceptionAndNextCallTriesAgain()
    {
        Probe.Of("fails").Add("fail");
        var grain = silo.Client.GetGrain<ILifeGrain>("fails");

        Assert.Equal("not yet", (await Assert.ThrowsAsync<FormatException>(grain.Touch)).Message);
        await grain.Touch();

        Assert.Equal(2, Probe.Of("fails").Count("activated"));
        Assert.Equal(2, Probe.Of("fails").Count("constructed"));
    }

    [Fact]
    public async Task Constructor_Fails_CallerGetsInvalidOperationWithTheCause()
    {
        var exception = await Assert.ThrowsAsync<InvalidOperationException>(silo.Client.GetGrain<IStillbornGrain>("x").Touch);

        Assert.IsType<FormatException>(exception.InnerException);
    }

    [Fact]
    public async Task DeactivateOnIdle_ThenCall_EndsInOrderAndMakesAnother()
    {
        var grain = silo.Client.GetGrain<ILifeGrain>("ends");
        await grain.Touch();
        await grain.End();
        await grain.Touch();

        Assert.Equal(
            ["constructed", "activated", "ended ApplicationRequested in time", "constructed", "activated"], Probe.Of("ends").Log);
    }

    [Fact]
    public async Task IdleActivation_PastItsAge_IsEndedUnlessItAskedToStay()
    {
        await using var host = await ContractHost.StartAsync(new ContractHostSettings
        {
            CollectionAge = TimeSpan.FromSeconds(1.5),
            CollectionQuantum = TimeSpan.FromSeconds(1),
        });
        await host.Client.GetGrain<ILifeGrain>("idle-stays").Stay(TimeSpan.FromHours(1));
        await host.Client.GetGrain<ILifeGrain>("idle-ends").Touch();

        await Probe.EventuallyAsync(() => Probe.Of("idle-ends").Count("ended ActivationIdle in time") == 1, "the idle activation ends");

        Assert.DoesNotContain(Probe.Of("idle-stays").Log, entry => entry.StartsWith("ended", StringComparison.Ordinal));
        await host.Client.GetGrain<ILifeGrain>("idle-ends").Touch();
        Assert.Equal(2, Probe.Of("idle-ends").Count("constructed"));
    }
}
