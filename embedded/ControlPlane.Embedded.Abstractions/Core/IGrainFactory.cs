using Orleans.Runtime;

namespace Orleans;

/// <summary>Makes references to grains. A reference costs next to nothing; the grain is activated by the first call.</summary>
public interface IGrainFactory
{
    /// <summary>A reference to the grain of a key.</summary>
    /// <typeparam name="TGrainInterface">A public interface that the grain implements.</typeparam>
    /// <param name="primaryKey">The key.</param>
    /// <param name="grainClassNamePrefix">Picks the class by the start of its full name where several implement the interface.</param>
    /// <returns>The reference.</returns>
    TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null) where TGrainInterface : IGrainWithStringKey;

    /// <summary>A reference to the grain of an identity.</summary>
    /// <typeparam name="TGrainInterface">A public interface that the grain implements.</typeparam>
    /// <param name="grainId">The identity.</param>
    /// <returns>The reference.</returns>
    TGrainInterface GetGrain<TGrainInterface>(GrainId grainId) where TGrainInterface : IAddressable;
}

/// <summary>Access to grains from outside them.</summary>
public interface IClusterClient : IGrainFactory
{
    /// <summary>The services of the process.</summary>
    IServiceProvider ServiceProvider { get; }
}
