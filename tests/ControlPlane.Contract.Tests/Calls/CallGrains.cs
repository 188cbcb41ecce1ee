using Orleans.Concurrency;
using Orleans.Runtime;

namespace ControlPlane.Contract.Tests.Calls;

[Alias("contract.ICallGrain")]
public interface ICallGrain : IGrainWithStringKey
{
    Task<int> Add(int amount);

    Task<string> Key();

    /// <summary>Signals "entered-name", waits for "leave-name".</summary>
    Task Block(string name);

    [ReadOnly]
    Task BlockReading(string name);

    [AlwaysInterleave]
    Task<int> Peek();

    Task<bool> AwaitsComeBack();

    Task Fail(string message);

    Task FailBeforeFirstAwait();

    Task FailWithOwn(int code);

    ValueTask<int> Twice(int value);

    ValueTask Nothing();

    Task<string> KeyOf(ICallGrain other);

    Task<Message> Echo(Message message);

    Task CallYourself();

    Task CallInCircle(string other, bool goesOn);
}

[GenerateSerializer]
[Immutable]
[Alias("contract.Message")]
public sealed record Message
{
    [Id(0)]
    public required string Text { get; init; }

    [Id(1)]
    public DateTimeOffset? When { get; init; }
}

[GenerateSerializer]
[Alias("contract.OwnException")]
public sealed class OwnException : Exception
{
    public OwnException(int code) : base($"code {code}") => Code = code;

    [Id(0)]
    public int Code { get; }
}

[GrainType("contract-call")]
public sealed class CallGrain : Grain, ICallGrain
{
    private int _sum;

    public CallGrain() => Probe.Of(this.GetPrimaryKeyString()).Add("constructed");

    private Probe Probe => Probe.Of(this.GetPrimaryKeyString());

    public async Task<int> Add(int amount)
    {
        // If calls overlapped, another one would read the same sum here.
        var sum = _sum;
        await Task.Yield();
        return _sum = sum + amount;
    }

    public Task<string> Key() => Task.FromResult(this.GetPrimaryKeyString());

    public Task Block(string name) => BlockHere(name);

    public Task BlockReading(string name) => BlockHere(name);

    public Task<int> Peek() => Task.FromResult(_sum);

    public async Task<bool> AwaitsComeBack()
    {
        var scheduler = TaskScheduler.Current;
        await Task.Yield();
        var afterYield = TaskScheduler.Current;
        await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        return scheduler != TaskScheduler.Default && scheduler == afterYield && scheduler == TaskScheduler.Current;
    }

    public async Task Fail(string message)
    {
        await Task.Yield();
        throw new ArgumentException(message);
    }

    public Task FailBeforeFirstAwait() => throw new NotSupportedException("at once");

    public Task FailWithOwn(int code) => throw new OwnException(code);

    public ValueTask<int> Twice(int value) => ValueTask.FromResult(2 * value);

    public async ValueTask Nothing() => await Task.Yield();

    public Task<string> KeyOf(ICallGrain other) => other.Key();

    public Task<Message> Echo(Message message) => Task.FromResult(message);

    public Task CallYourself() => GrainFactory.GetGrain<ICallGrain>(this.GetPrimaryKeyString()).Key();

    public async Task CallInCircle(string other, bool goesOn)
    {
        if (goesOn)
        {
            await GrainFactory.GetGrain<ICallGrain>(other).CallInCircle(this.GetPrimaryKeyString(), goesOn: false);
        }
        else
        {
            await GrainFactory.GetGrain<ICallGrain>(other).Key();
        }
    }

    private async Task BlockHere(string name)
    {
        Probe.Signal("entered-" + name);
        await Probe.WaitAsync("leave-" + name);
        Probe.Add("left-" + name);
    }
}

[Alias("contract.IReentrantGrain")]
public interface IReentrantGrain : IGrainWithStringKey
{
    Task Block(string name);
}

[Reentrant]
[GrainType("contract-reentrant")]
public sealed class ReentrantGrain : Grain, IReentrantGrain
{
    public async Task Block(string name)
    {
        var probe = Probe.Of(this.GetPrimaryKeyString());
        probe.Signal("entered-" + name);
        await probe.WaitAsync("leave-" + name);
    }
}

[Alias("contract.IWorkerGrain")]
public interface IWorkerGrain : IGrainWithStringKey
{
    Task Block(string name);
}

[StatelessWorker(2)]
[GrainType("contract-worker")]
public sealed class WorkerGrain : Grain, IWorkerGrain
{
    public WorkerGrain() => Probe.Of(this.GetPrimaryKeyString()).Add("constructed");

    public async Task Block(string name)
    {
        var probe = Probe.Of(this.GetPrimaryKeyString());
        probe.Signal("entered-" + name);
        await probe.WaitAsync("leave-" + name);
    }
}
