namespace ControlPlane.Kubernetes;

/// <summary>The API clients by cluster name.</summary>
public interface IKubernetesClients
{
    /// <summary>The client of a cluster.</summary>
    /// <exception cref="KubernetesException">No cluster of that name is configured; the message names those that are.</exception>
    KubernetesClient Get(string cluster);
}

/// <summary>Clients of the clusters that were configured; it owns them.</summary>
internal sealed class ConfiguredClients(IReadOnlyList<KeyValuePair<string, KubernetesClient>> clients) : IKubernetesClients, IDisposable
{
    public KubernetesClient Get(string cluster)
    {
        foreach (var (name, client) in clients)
            if (name == cluster) return client;
        var known = string.Join(", ", clients.Select(c => c.Key));
        throw new KubernetesException(KubernetesFailure.Configuration, $"there is no cluster '{cluster}' in the configuration (known: {known})");
    }

    public void Dispose()
    {
        foreach (var (_, client) in clients) client.Dispose();
    }
}
