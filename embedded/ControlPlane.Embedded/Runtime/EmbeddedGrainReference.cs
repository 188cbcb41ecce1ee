using System.ComponentModel;

namespace ControlPlane.Embedded.Runtime;

/// <summary>The base of generated proxies. Only for generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class EmbeddedGrainReference : GrainReference
{
    private readonly GrainBinding _binding;
    private Activation? _activation;

    /// <summary>Makes a reference.</summary>
    /// <param name="binding">The grain class and its engine.</param>
    /// <param name="grainId">The grain.</param>
    protected EmbeddedGrainReference(GrainBinding binding, GrainId grainId) : base(grainId) => _binding = binding;

    /// <summary>Sends a call.</summary>
    /// <param name="request">The call.</param>
    /// <returns>Its answer.</returns>
    protected Task Send(CallRequest request)
    {
        request.Sender = TurnQueue.Running as Activation;
        _binding.Engine.Send(request, GrainId, _binding.Class, ref _activation);
        return request.Promise;
    }

    /// <summary>Sends a call.</summary>
    /// <typeparam name="T">The type of its result.</typeparam>
    /// <param name="request">The call.</param>
    /// <returns>Its answer.</returns>
    protected Task<T> Send<T>(CallRequest<T> request)
    {
        request.Sender = TurnQueue.Running as Activation;
        _binding.Engine.Send(request, GrainId, _binding.Class, ref _activation);
        return request.Promise;
    }
}

/// <summary>What a reference belongs to. Only for generated code.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class GrainBinding
{
    internal GrainBinding(Engine engine, GrainClass grainClass)
    {
        Engine = engine;
        Class = grainClass;
    }

    internal Engine Engine { get; }

    internal GrainClass Class { get; }
}
