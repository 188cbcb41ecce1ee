using Orleans.Runtime;

namespace Orleans;

/// <summary>What the engine needs of a grain class.</summary>
public interface IGrainBase
{
    /// <summary>The activation that this object stands for.</summary>
    IGrainContext GrainContext { get; }

    /// <summary>Runs before the first call, after the persistent state was read.</summary>
    /// <param name="token">Cancelled when activation takes too long.</param>
    /// <returns>A task that ends when the grain is ready.</returns>
    Task OnActivateAsync(CancellationToken token) => Task.CompletedTask;

    /// <summary>Runs before an orderly end of the activation.</summary>
    /// <param name="reason">Why the activation ends.</param>
    /// <param name="token">Cancelled when deactivation takes too long.</param>
    /// <returns>A task that ends when the grain may go.</returns>
    Task OnDeactivateAsync(DeactivationReason reason, CancellationToken token) => Task.CompletedTask;
}
