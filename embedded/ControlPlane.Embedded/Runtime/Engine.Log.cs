using Microsoft.Extensions.Logging;

namespace ControlPlane.Embedded.Runtime;

internal sealed partial class Engine
{
    internal static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "Activating {GrainId} failed.")]
        internal static partial void ActivationFailed(ILogger logger, GrainId grainId, Exception exception);

        [LoggerMessage(2, LogLevel.Warning, "Deactivating {GrainId} failed.")]
        internal static partial void DeactivationFailed(ILogger logger, GrainId grainId, Exception exception);

        [LoggerMessage(3, LogLevel.Warning, "A timer tick of {GrainId} failed; the timer goes on.")]
        internal static partial void TickFailed(ILogger logger, GrainId grainId, Exception exception);

        [LoggerMessage(4, LogLevel.Warning, "Delivering an event of stream {StreamId} to {GrainId} failed; it is delivered again in {Delay}.")]
        internal static partial void DeliveryFailed(ILogger logger, StreamId streamId, GrainId grainId, TimeSpan delay, Exception exception);

        [LoggerMessage(5, LogLevel.Error, "An event of stream {StreamId} could not be delivered to {GrainId} in time and is given up.")]
        internal static partial void DeliveryGivenUp(ILogger logger, StreamId streamId, GrainId grainId, Exception exception);

        [LoggerMessage(6, LogLevel.Warning, "Reminding {GrainId} of {Reminder} failed; it is reminded again at the next tick.")]
        internal static partial void ReminderFailed(ILogger logger, GrainId grainId, string reminder, Exception exception);
    }
}
