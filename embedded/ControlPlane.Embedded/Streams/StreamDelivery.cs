using ControlPlane.Embedded.Runtime;
using Orleans.Streams;

namespace ControlPlane.Embedded.Streams;

/// <summary>An event on its way to a consumer.</summary>
internal abstract class StreamDelivery
{
    internal StreamDelivery? Next { get; set; }

    /// <summary>When it was first tried; 0 before.</summary>
    internal long FirstAttempt { get; set; }

    internal int Attempts { get; set; }

    /// <summary>The request that brings it; a new one for every attempt, since an earlier one may still run.</summary>
    internal abstract Request Attempt(StreamPump pump);

    /// <summary>The request that tells the consumer that it is given up.</summary>
    internal abstract Request GiveUp(StreamPump pump, Exception exception);
}

internal sealed class StreamDelivery<T>(T item, StreamSequenceToken token) : StreamDelivery
{
    internal override Request Attempt(StreamPump pump) => new NextRequest(pump, item, token);

    internal override Request GiveUp(StreamPump pump, Exception exception) => new ErrorRequest(pump, exception);

    private sealed class NextRequest(StreamPump pump, T item, StreamSequenceToken token) : Request("OnNextAsync", RequestTraits.None)
    {
        internal override Task Run(Activation activation)
        {
            var observer = activation.ObserverAsync<T>(pump);
            return observer.IsCompletedSuccessfully ? Hand(observer.Result) : RunSlowly(observer);
        }

        internal override void Answer(Task outcome) => pump.Delivered(outcome);

        /// <inheritdoc/>
        protected override Task Invoke(object grain) => Task.CompletedTask;

        private async Task RunSlowly(ValueTask<IAsyncObserver<T>?> observer) => await Hand(await observer);

        private Task Hand(IAsyncObserver<T>? observer) => observer?.OnNextAsync(item, token) ?? Task.CompletedTask;
    }

    private sealed class ErrorRequest(StreamPump pump, Exception exception) : Request("OnErrorAsync", RequestTraits.None)
    {
        internal override async Task Run(Activation activation)
        {
            if (await activation.ObserverAsync<T>(pump) is { } observer)
            {
                await observer.OnErrorAsync(exception);
            }
        }

        internal override void Answer(Task outcome) => pump.Skip();

        /// <inheritdoc/>
        protected override Task Invoke(object grain) => Task.CompletedTask;
    }
}
