using System.ComponentModel;

namespace ControlPlane.Embedded.Runtime;

/// <summary>A call without a result. Only for generated code.</summary>
/// <param name="method">The method's name.</param>
/// <param name="traits">How it may run beside others.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class CallRequest(string method, RequestTraits traits) : Request(method, traits)
{
    // Continuations run where the answer is completed, which is outside any turn; see the scheduler.
    private readonly TaskCompletionSource _promise = new();

    internal Task Promise => _promise.Task;

    internal override void Answer(Task outcome)
    {
        if (outcome.IsCompletedSuccessfully)
        {
            _promise.TrySetResult();
        }
        else if (outcome.IsCanceled)
        {
            _promise.TrySetException(new TaskCanceledException(outcome));
        }
        else
        {
            _promise.TrySetException(outcome.Exception!.InnerExceptions);
        }
    }
}

/// <summary>A call with a result. Only for generated code.</summary>
/// <typeparam name="T">The type of the result.</typeparam>
/// <param name="method">The method's name.</param>
/// <param name="traits">How it may run beside others.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class CallRequest<T>(string method, RequestTraits traits) : Request(method, traits)
{
    private readonly TaskCompletionSource<T> _promise = new();

    internal Task<T> Promise => _promise.Task;

    internal override void Answer(Task outcome)
    {
        if (outcome.IsCompletedSuccessfully)
        {
            _promise.TrySetResult(((Task<T>)outcome).Result);
        }
        else if (outcome.IsCanceled)
        {
            _promise.TrySetException(new TaskCanceledException(outcome));
        }
        else
        {
            _promise.TrySetException(outcome.Exception!.InnerExceptions);
        }
    }
}
