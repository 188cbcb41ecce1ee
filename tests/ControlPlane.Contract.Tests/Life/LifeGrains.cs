using Orleans.Runtime;

namespace ControlPlane.Contract.Tests.Life;

[Alias("contract.ILifeGrain")]
public interface ILifeGrain : IGrainWithStringKey
{
    Task Touch();

    Task End();

    Task Stay(TimeSpan time);
}

/// <summary>Fails to come to life as often as its probe's log has entries "fail".</summary>
[GrainType("contract-life")]
public sealed class LifeGrain : Grain, ILifeGrain
{
    private readonly ScopedService _service;
    private readonly ILifeGrain _self;

    public LifeGrain(ScopedService service, IGrainFactory factory, IGrainContext context)
    {
        _service = service;
        _self = factory.GetGrain<ILifeGrain>(this.GetPrimaryKeyString());
        Probe.Add("constructed");
        Assert.Equal(this.GetPrimaryKeyString(), context.GrainId.Key.ToString());
        Assert.Equal(this.GetPrimaryKeyString(), GrainFactory.GetGrain<ILifeGrain>(_self.GetPrimaryKeyString()).GetPrimaryKeyString());
    }

    private Probe Probe => Probe.Of(this.GetPrimaryKeyString());

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        Probe.Add("activated");
        if (Probe.Count("activated") <= Probe.Count("fail"))
        {
            throw new FormatException("not yet");
        }
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        Probe.Add($"ended {reason.ReasonCode} {(_service.IsDisposed ? "too late" : "in time")}");
        return Task.CompletedTask;
    }

    public Task Touch() => Task.CompletedTask;

    public Task End()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public Task Stay(TimeSpan time)
    {
        DelayDeactivation(time);
        return Task.CompletedTask;
    }
}

[Alias("contract.IStillbornGrain")]
public interface IStillbornGrain : IGrainWithStringKey
{
    Task Touch();
}

[GrainType("contract-stillborn")]
public sealed class StillbornGrain : Grain, IStillbornGrain
{
    public StillbornGrain() => throw new FormatException("never");

    public Task Touch() => Task.CompletedTask;
}
