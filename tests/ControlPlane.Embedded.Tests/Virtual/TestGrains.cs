using Orleans.Runtime;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace ControlPlane.Embedded.Tests.Virtual;

/// <summary>What the grains of one run did, in order. A service, so that runs do not see each other's.</summary>
public sealed class Journal
{
    public List<string> Entries { get; } = [];

    /// <summary>What was started on the pool ends no sooner: a task that is done when it is awaited is no escape.</summary>
    public ManualResetEventSlim PoolMayEnd { get; } = new();

    public void Add(string entry) => Entries.Add(entry);

    public int Count(string entry) => Entries.Count(e => e == entry);
}

public interface ITallyGrain : IGrainWithStringKey
{
    Task<int> Add(int amount);

    Task<int> Stored();

    Task Slow(TimeSpan time);

    Task Forward(string target, TimeSpan wait);

    Task CallBack(string through);

    Task LeaveByTaskRun();

    Task Publish(string streamNamespace, int value);

    Task StartTicking(TimeSpan period);

    Task Remind(TimeSpan dueTime, TimeSpan period);

    Task ForgetReminder();
}

[GenerateSerializer]
public sealed record Tally
{
    [Id(0)]
    public int Sum { get; init; }
}

[GrainType("tally")]
public sealed class TallyGrain([PersistentState("tally", "store")] IPersistentState<Tally> tally, Journal journal, TimeProvider time)
    : Grain, ITallyGrain, IRemindable
{
    private string Name => this.GetPrimaryKeyString();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        journal.Add($"{Name} activated");
        return Task.CompletedTask;
    }

    public async Task<int> Add(int amount)
    {
        tally.State = tally.State with { Sum = tally.State.Sum + amount };
        await tally.WriteStateAsync();
        journal.Add($"{Name} {tally.State.Sum}");
        return tally.State.Sum;
    }

    public Task<int> Stored() => Task.FromResult(tally.State.Sum);

    public async Task Slow(TimeSpan wait)
    {
        journal.Add($"{Name} slow");
        await Task.Delay(wait, time);
        journal.Add($"{Name} done");
    }

    public async Task Forward(string target, TimeSpan wait)
    {
        await Task.Delay(wait, time);
        await GrainFactory.GetGrain<ITallyGrain>(target).Add(1);
    }

    public Task CallBack(string through)
        => through.Length == 0 ? Task.CompletedTask
            : through.Split(',') is [var next, .. var rest] ? GrainFactory.GetGrain<ITallyGrain>(next).CallBack(string.Join(',', rest)) : Task.CompletedTask;

    public Task LeaveByTaskRun()
    {
        journal.Add("leaves");
        return Task.Run(journal.PoolMayEnd.Wait);
    }

    public Task Publish(string streamNamespace, int value)
        => this.GetStreamProvider("streams").GetStream<int>(streamNamespace, Name).OnNextAsync(value);

    public Task StartTicking(TimeSpan period)
    {
        this.RegisterGrainTimer(
            _ =>
            {
                journal.Add($"{Name} tick {time.GetUtcNow():HH:mm:ss}");
                return Task.CompletedTask;
            },
            period, period);
        return Task.CompletedTask;
    }

    public Task Remind(TimeSpan dueTime, TimeSpan period) => this.RegisterOrUpdateReminder("r", dueTime, period);

    public async Task ForgetReminder() => await this.UnregisterReminder((await this.GetReminder("r"))!);

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        journal.Add($"{Name} reminded {status.CurrentTickTime:HH:mm:ss}");
        return Task.CompletedTask;
    }
}

public interface IEarGrain : IGrainWithStringKey;

/// <summary>Fails at negative values.</summary>
[GrainType("ear")]
[ImplicitStreamSubscription("numbers")]
public sealed class EarGrain(Journal journal, TimeProvider time) : Grain, IEarGrain, IStreamSubscriptionObserver, IAsyncObserver<int>
{
    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => handleFactory.Create<int>().ResumeAsync(this);

    public Task OnNextAsync(int item, StreamSequenceToken? token = null)
    {
        journal.Add(item < 0 ? $"ear {item} {time.GetUtcNow():HH:mm:ss.f}" : $"ear {item}");
        return item < 0 ? throw new FormatException("negative") : Task.CompletedTask;
    }

    public Task OnErrorAsync(Exception ex)
    {
        journal.Add($"ear error {ex.Message}");
        return Task.CompletedTask;
    }
}
