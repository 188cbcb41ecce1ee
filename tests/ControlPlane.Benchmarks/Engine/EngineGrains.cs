using Orleans.Streams;
using Orleans.Streams.Core;

namespace ControlPlane.Benchmarks.Engine;

public interface IEchoGrain : IGrainWithStringKey
{
    Task<int> Echo(int value);

    Task Publish(int value);
}

[GrainType("benchmark-echo")]
public sealed class EchoGrain : Grain, IEchoGrain
{
    private IAsyncStream<int>? _stream;

    public Task<int> Echo(int value) => Task.FromResult(value);

    public Task Publish(int value)
        => (_stream ??= this.GetStreamProvider("streams").GetStream<int>("benchmark", this.GetPrimaryKeyString())).OnNextAsync(value);
}

public interface ISinkGrain : IGrainWithStringKey;

[GrainType("benchmark-sink")]
[ImplicitStreamSubscription("benchmark")]
public sealed class SinkGrain : Grain, ISinkGrain, IStreamSubscriptionObserver, IAsyncObserver<int>
{
    public static CountdownEvent? Awaited { get; set; }

    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => handleFactory.Create<int>().ResumeAsync(this);

    public Task OnNextAsync(int item, StreamSequenceToken? token = null)
    {
        Awaited!.Signal();
        return Task.CompletedTask;
    }

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask;
}
