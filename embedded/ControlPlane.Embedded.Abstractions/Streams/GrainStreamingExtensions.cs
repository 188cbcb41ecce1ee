using Microsoft.Extensions.DependencyInjection;
using Orleans.Streams;

namespace Orleans;

/// <summary>Streams from within grains.</summary>
public static class GrainStreamingExtensions
{
    /// <summary>Finds a stream provider.</summary>
    /// <param name="grain">The grain.</param>
    /// <param name="name">The provider's name.</param>
    /// <returns>The provider.</returns>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    public static IStreamProvider GetStreamProvider(this IGrainBase grain, string name)
    {
        StreamProviderName.Require(name);
        return EmbeddedGrainContext.Of(grain).GetStreamProvider(name);
    }
}

/// <summary>Streams from outside grains.</summary>
public static class ClientStreamingExtensions
{
    /// <summary>Finds a stream provider.</summary>
    /// <param name="client">The client.</param>
    /// <param name="name">The provider's name.</param>
    /// <returns>The provider.</returns>
    /// <exception cref="KeyNotFoundException">There is none of that name.</exception>
    public static IStreamProvider GetStreamProvider(this IClusterClient client, string name)
    {
        ArgumentNullException.ThrowIfNull(client);
        StreamProviderName.Require(name);
        return client.ServiceProvider.GetKeyedService<IStreamProvider>(name)
            ?? throw new KeyNotFoundException($"Stream provider '{name}' not found");
    }
}

internal static class StreamProviderName
{
    internal static void Require(string name)
    {
        if (string.IsNullOrWhiteSpace(name))
        {
            throw new ArgumentNullException(nameof(name));
        }
    }
}
