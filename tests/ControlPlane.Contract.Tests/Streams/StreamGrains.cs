using Orleans.Streams;
using Orleans.Streams.Core;

namespace ControlPlane.Contract.Tests.Streams;

[Alias("contract.IPublisherGrain")]
public interface IPublisherGrain : IGrainWithStringKey
{
    Task Publish(string streamNamespace, int value);
}

[GrainType("contract-publisher")]
public sealed class PublisherGrain : Grain, IPublisherGrain
{
    public Task Publish(string streamNamespace, int value)
        => this.GetStreamProvider("streams").GetStream<int>(streamNamespace, this.GetPrimaryKeyString()).OnNextAsync(value);
}

[Alias("contract.IListenerGrain")]
public interface IListenerGrain : IGrainWithStringKey
{
    Task End();
}

/// <summary>Logs what it receives. Fails at a value as often as the probe's log has "fail value"; waits at value 999.</summary>
public abstract class ListenerGrainBase(string name) : Grain, IListenerGrain, IStreamSubscriptionObserver, IAsyncObserver<int>
{
    private Probe Probe => Probe.Of(this.GetPrimaryKeyString());

    public Task End()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    public async Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory)
    {
        Probe.Add($"{name} subscribed {handleFactory.StreamId.GetNamespace()}");
        await handleFactory.Create<int>().ResumeAsync(this);
    }

    public async Task OnNextAsync(int item, StreamSequenceToken? token = null)
    {
        Probe.Add($"{name} try {item}");
        await Task.Yield();
        if (Probe.Count($"{name} try {item}") <= Probe.Count($"fail {item}"))
        {
            throw new FormatException($"not yet {item}");
        }

        if (item == 999)
        {
            Probe.Signal("entered");
            await Probe.WaitAsync("leave");
        }

        Probe.Add($"{name} {item}");
    }

    public Task OnErrorAsync(Exception ex)
    {
        Probe.Add($"{name} error {ex.GetType().Name}");
        return Task.CompletedTask;
    }
}

[GrainType("contract-first-listener")]
[ImplicitStreamSubscription("contract-numbers")]
public sealed class FirstListenerGrain() : ListenerGrainBase("first");

[GrainType("contract-second-listener")]
[ImplicitStreamSubscription("contract-numbers")]
[ImplicitStreamSubscription("contract-others")]
public sealed class SecondListenerGrain() : ListenerGrainBase("second");
