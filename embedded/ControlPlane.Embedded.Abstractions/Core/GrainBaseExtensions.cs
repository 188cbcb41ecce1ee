using Orleans.Runtime;

namespace Orleans;

/// <summary>What a grain can ask of its activation.</summary>
public static class GrainBaseExtensions
{
    /// <summary>Ends the activation once its current calls are done.</summary>
    /// <param name="grain">The grain.</param>
    public static void DeactivateOnIdle(this IGrainBase grain)
    {
        ArgumentNullException.ThrowIfNull(grain);
        grain.GrainContext.Deactivate(new(DeactivationReasonCode.ApplicationRequested, $"{nameof(DeactivateOnIdle)} was called."));
    }

    /// <summary>Starts a timer that lives as long as the activation; ticks are turns and do not interleave unless asked to.</summary>
    /// <typeparam name="TState">The type of the value handed to the callback.</typeparam>
    /// <param name="grain">The grain.</param>
    /// <param name="callback">What to run; its token is cancelled when the timer is disposed.</param>
    /// <param name="state">Handed to the callback.</param>
    /// <param name="options">When to tick and how.</param>
    /// <returns>The timer.</returns>
    public static IGrainTimer RegisterGrainTimer<TState>(
        this IGrainBase grain, Func<TState, CancellationToken, Task> callback, TState state, GrainTimerCreationOptions options)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return EmbeddedGrainContext.Of(grain).RegisterTimer(callback, state, options);
    }

    /// <summary>Starts a timer that lives as long as the activation.</summary>
    /// <param name="grain">The grain.</param>
    /// <param name="callback">What to run; its token is cancelled when the timer is disposed.</param>
    /// <param name="options">When to tick and how.</param>
    /// <returns>The timer.</returns>
    public static IGrainTimer RegisterGrainTimer(this IGrainBase grain, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return RegisterGrainTimer(grain, static (callback, token) => callback(token), callback, options);
    }

    /// <summary>Starts a timer that lives as long as the activation.</summary>
    /// <param name="grain">The grain.</param>
    /// <param name="callback">What to run.</param>
    /// <param name="options">When to tick and how.</param>
    /// <returns>The timer.</returns>
    public static IGrainTimer RegisterGrainTimer(this IGrainBase grain, Func<Task> callback, GrainTimerCreationOptions options)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return RegisterGrainTimer(grain, static (callback, _) => callback(), callback, options);
    }

    /// <summary>Starts a timer that lives as long as the activation.</summary>
    /// <typeparam name="TState">The type of the value handed to the callback.</typeparam>
    /// <param name="grain">The grain.</param>
    /// <param name="callback">What to run.</param>
    /// <param name="state">Handed to the callback.</param>
    /// <param name="options">When to tick and how.</param>
    /// <returns>The timer.</returns>
    public static IGrainTimer RegisterGrainTimer<TState>(
        this IGrainBase grain, Func<TState, Task> callback, TState state, GrainTimerCreationOptions options)
    {
        ArgumentNullException.ThrowIfNull(callback);
        return RegisterGrainTimer(grain, static (pair, _) => pair.Callback(pair.State), (Callback: callback, State: state), options);
    }

    /// <summary>Starts a timer that lives as long as the activation.</summary>
    /// <param name="grain">The grain.</param>
    /// <param name="callback">What to run.</param>
    /// <param name="dueTime">The time to the first tick; infinite for none.</param>
    /// <param name="period">The time from the end of a tick to the next; infinite for one tick only.</param>
    /// <returns>The timer.</returns>
    public static IGrainTimer RegisterGrainTimer(this IGrainBase grain, Func<Task> callback, TimeSpan dueTime, TimeSpan period)
        => RegisterGrainTimer(grain, callback, new GrainTimerCreationOptions(dueTime, period));

    /// <summary>Starts a timer that lives as long as the activation.</summary>
    /// <param name="grain">The grain.</param>
    /// <param name="callback">What to run; its token is cancelled when the timer is disposed.</param>
    /// <param name="dueTime">The time to the first tick; infinite for none.</param>
    /// <param name="period">The time from the end of a tick to the next; infinite for one tick only.</param>
    /// <returns>The timer.</returns>
    public static IGrainTimer RegisterGrainTimer(this IGrainBase grain, Func<CancellationToken, Task> callback, TimeSpan dueTime, TimeSpan period)
        => RegisterGrainTimer(grain, callback, new GrainTimerCreationOptions(dueTime, period));

    /// <summary>Starts a timer that lives as long as the activation.</summary>
    /// <typeparam name="TState">The type of the value handed to the callback.</typeparam>
    /// <param name="grain">The grain.</param>
    /// <param name="callback">What to run.</param>
    /// <param name="state">Handed to the callback.</param>
    /// <param name="dueTime">The time to the first tick; infinite for none.</param>
    /// <param name="period">The time from the end of a tick to the next; infinite for one tick only.</param>
    /// <returns>The timer.</returns>
    public static IGrainTimer RegisterGrainTimer<TState>(
        this IGrainBase grain, Func<TState, Task> callback, TState state, TimeSpan dueTime, TimeSpan period)
        => RegisterGrainTimer(grain, callback, state, new GrainTimerCreationOptions(dueTime, period));

    /// <summary>Starts a timer that lives as long as the activation.</summary>
    /// <typeparam name="TState">The type of the value handed to the callback.</typeparam>
    /// <param name="grain">The grain.</param>
    /// <param name="callback">What to run; its token is cancelled when the timer is disposed.</param>
    /// <param name="state">Handed to the callback.</param>
    /// <param name="dueTime">The time to the first tick; infinite for none.</param>
    /// <param name="period">The time from the end of a tick to the next; infinite for one tick only.</param>
    /// <returns>The timer.</returns>
    public static IGrainTimer RegisterGrainTimer<TState>(
        this IGrainBase grain, Func<TState, CancellationToken, Task> callback, TState state, TimeSpan dueTime, TimeSpan period)
        => RegisterGrainTimer(grain, callback, state, new GrainTimerCreationOptions(dueTime, period));
}
