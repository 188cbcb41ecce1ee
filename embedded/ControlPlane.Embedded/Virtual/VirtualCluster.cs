using System.Runtime.ExceptionServices;
using Orleans.Hosting;

namespace ControlPlane.Embedded.Virtual;

/// <summary>Runs grains in virtual time: on one thread, with a clock that jumps, as a function of a seed.</summary>
public static class VirtualCluster
{
    // Continuations that complete each other run one inside the other.
    private const int StackBytes = 256 << 20;
    private static readonly TimeSpan LongestPoolWork = TimeSpan.FromSeconds(5);

    /// <summary>Runs a body and waits for it.</summary>
    /// <param name="seed">Chooses the order of everything that can happen in more than one order, and the faults.</param>
    /// <param name="configure">Adds services, storage and streams; called again after every crash. What must survive a crash is made outside it; memory storage survives.</param>
    /// <param name="body">What to do. It runs on the run's thread; awaits come back to it.</param>
    /// <param name="options">How the run is set up.</param>
    /// <returns>What the run did.</returns>
    /// <exception cref="VirtualRunException">The body failed, or something left virtual time.</exception>
    public static VirtualRunResult Run(long seed, Action<ISiloBuilder> configure, Func<VirtualContext, Task> body, VirtualClusterOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(configure);
        ArgumentNullException.ThrowIfNull(body);
        VirtualRunResult? result = null;
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    result = RunHere(seed, configure, body, options ?? new VirtualClusterOptions());
                }
                catch (Exception exception)
                {
                    failure = ExceptionDispatchInfo.Capture(exception);
                }
            },
            StackBytes)
        {
            IsBackground = true,
            Name = "virtual time",
        };
        thread.Start();
        thread.Join();
        return failure is null ? result! : throw new VirtualRunException(seed, failure.SourceException);
    }

    private static VirtualRunResult RunHere(long seed, Action<ISiloBuilder> configure, Func<VirtualContext, Task> body, VirtualClusterOptions options)
    {
        if (options.ChecksThreadPool)
        {
            AppContext.SetSwitch("Microsoft.Extensions.DependencyInjection.DisableDynamicEngine", true);
            IsPoolIdle();
        }

        var context = new VirtualContext(seed, configure, options);
        var before = PoolItems();
        context.Run(body);
        if (options.ChecksThreadPool && (!IsPoolIdle() || PoolItems() != before))
        {
            throw new VirtualTimeEscapeException("The thread pool was used during the run: something started work there and did not wait for it.");
        }

        return context.Result();
    }

    /// <summary>Waits for what the pool has begun: an item that runs is neither pending nor completed. False when it does not end.</summary>
    private static bool IsPoolIdle() => SpinWait.SpinUntil(
        static () =>
        {
            ThreadPool.GetMaxThreads(out var most, out _);
            ThreadPool.GetAvailableThreads(out var idle, out _);
            return idle == most;
        },
        LongestPoolWork);

    private static long PoolItems() => ThreadPool.CompletedWorkItemCount + ThreadPool.PendingWorkItemCount;
}
