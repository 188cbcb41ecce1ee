using System.Runtime.CompilerServices;
using ControlPlane.Embedded.Runtime;
using Orleans.Storage;

namespace ControlPlane.Embedded.Storage;

/// <summary>A state that its activation reads before it comes to life.</summary>
internal interface IActivationState
{
    Task ReadStateAsync();
}

internal abstract class StateBridgeFactory
{
    internal abstract object Create(Activation activation);
}

/// <summary>Makes the states of one constructor parameter.</summary>
internal sealed class StateBridgeFactory<T>(string stateName, IGrainStorage storage) : StateBridgeFactory
{
    internal string StateName { get; } = stateName;

    internal IGrainStorage Storage { get; } = storage;

    internal override object Create(Activation activation)
    {
        var bridge = new StateBridge<T>(activation, this);
        activation.Own(bridge);
        return bridge;
    }
}

/// <summary>The state of an activation, over a grain storage. Operations on it run one after the other.</summary>
internal sealed class StateBridge<T>(Activation activation, StateBridgeFactory<T> source) : IPersistentState<T>, IActivationState
{
    private readonly GrainState<T> _record = new() { State = NewState() };
    private Task _last = Task.CompletedTask;
    private bool _read;

    private enum Operation
    {
        Read,
        Write,
        Clear,
    }

    public T State
    {
        get
        {
            CheckTurn();
            return _record.State!;
        }

        set
        {
            CheckTurn();
            _record.State = value;
        }
    }

    public string? Etag => _record.ETag;

    public bool RecordExists => _read ? _record.RecordExists : throw new InvalidOperationException("State has not yet been loaded");

    public Task ReadStateAsync() => Queue(Operation.Read);

    public Task WriteStateAsync() => Queue(Operation.Write);

    public Task ClearStateAsync() => Queue(Operation.Clear);

    internal static T NewState()
        => typeof(T).IsValueType || typeof(T) == typeof(string) || typeof(T).IsArray || typeof(T).IsAbstract ? default!
            : typeof(T).GetConstructor(Type.EmptyTypes) is not null ? Activator.CreateInstance<T>()
            : (T)RuntimeHelpers.GetUninitializedObject(typeof(T));

    private void CheckTurn()
    {
        if (TurnQueue.Running != activation)
        {
            throw new InvalidOperationException($"The state of {activation.GrainId} was used outside its turns; an await with ConfigureAwait(false) leads there.");
        }
    }

    private Task Queue(Operation operation)
    {
        CheckTurn();
        return _last = _last.IsCompleted ? RunAsync(operation) : AfterLast(_last, operation);
    }

    private async Task AfterLast(Task last, Operation operation)
    {
        await last.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await RunAsync(operation);
    }

    private async Task RunAsync(Operation operation)
    {
        try
        {
            switch (operation)
            {
                case Operation.Read:
                    await source.Storage.ReadStateAsync(source.StateName, activation.GrainId, _record);
                    _record.State ??= NewState();
                    _read = true;
                    break;
                case Operation.Write:
                    await source.Storage.WriteStateAsync(source.StateName, activation.GrainId, _record);
                    break;
                default:
                    await source.Storage.ClearStateAsync(source.StateName, activation.GrainId, _record);
                    _record.State ??= NewState();
                    break;
            }
        }
        catch (Exception exception) when (exception is not OrleansException)
        {
            throw new OrleansException(
                $"Error from storage provider during {operation}State of \"{source.StateName}\" for grain {activation.GrainId}: {exception.Message}", exception);
        }
    }
}
