using Orleans.Runtime;

namespace Orleans;

/// <summary>The base class of grains.</summary>
public abstract class Grain : IGrainBase, IAddressable
{
    /// <summary>Binds the new grain to the activation that is being made.</summary>
    protected Grain() => Context = EmbeddedGrainContext.Creating;

    /// <summary>Binds the new grain to an activation.</summary>
    /// <param name="grainContext">The activation.</param>
    protected Grain(IGrainContext grainContext) => Context = grainContext as IEmbeddedGrainContext;

    /// <summary>The activation that this object stands for.</summary>
    public IGrainContext GrainContext => Bound;

    /// <summary>The grain's identity as text, <c>type/key</c>.</summary>
    public string IdentityString => Bound.GrainId.ToString();

    /// <summary>Makes references to other grains.</summary>
    protected IGrainFactory GrainFactory => Bound.GrainFactory;

    /// <summary>The services of this activation; scoped ones live as long as it does.</summary>
    protected internal IServiceProvider ServiceProvider => Bound.ActivationServices;

    private IEmbeddedGrainContext? Context { get; }

    private IEmbeddedGrainContext Bound => Context
        ?? throw new InvalidOperationException("Grain was created outside of the Orleans creation process and no runtime was specified.");

    /// <summary>Runs before the first call, after the persistent state was read.</summary>
    /// <param name="cancellationToken">Cancelled when activation takes too long.</param>
    /// <returns>A task that ends when the grain is ready.</returns>
    public virtual Task OnActivateAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Runs before an orderly end of the activation; a crash never runs it.</summary>
    /// <param name="reason">Why the activation ends.</param>
    /// <param name="cancellationToken">Cancelled when deactivation takes too long.</param>
    /// <returns>A task that ends when the grain may go.</returns>
    public virtual Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Ends this activation once its current calls are done; the next call makes a new one.</summary>
    protected void DeactivateOnIdle() => GrainBaseExtensions.DeactivateOnIdle(this);

    /// <summary>Keeps this activation from idle collection for a while.</summary>
    /// <param name="timeSpan">How long from now; zero or less takes an earlier wish back.</param>
    protected void DelayDeactivation(TimeSpan timeSpan) => Bound.DelayDeactivation(timeSpan);
}
