namespace Orleans.Runtime;

/// <summary>One activation of a grain.</summary>
public interface IGrainContext : IEquatable<IGrainContext>
{
    /// <summary>A reference to the grain.</summary>
    GrainReference GrainReference { get; }

    /// <summary>The grain's identity.</summary>
    GrainId GrainId { get; }

    /// <summary>The grain object; null until it was made.</summary>
    object? GrainInstance { get; }

    /// <summary>The services of this activation.</summary>
    IServiceProvider ActivationServices { get; }

    /// <summary>Ends when the activation has ended.</summary>
    Task Deactivated { get; }

    /// <summary>Starts to end the activation once its current calls are done. Does not wait for it.</summary>
    /// <param name="deactivationReason">Why.</param>
    /// <param name="cancellationToken">Gives up waiting for the grain's own clean-up.</param>
    void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default);
}
