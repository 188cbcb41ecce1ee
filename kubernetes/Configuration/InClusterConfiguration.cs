using System.Security.Cryptography.X509Certificates;

namespace ControlPlane.Kubernetes;

/// <summary>The configuration that a pod finds in its environment and in its service account's files.</summary>
public static class InClusterConfiguration
{
    /// <summary>Where the kubelet mounts the service account.</summary>
    public const string DefaultFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>Reads it; null outside a cluster, that is, when the environment names no API server.</summary>
    /// <param name="time">Says when the token is to be read again.</param>
    /// <param name="folder">Where the service account's files are.</param>
    /// <param name="environment">Reads an environment variable; null: the process's.</param>
    /// <exception cref="KubernetesException">Inside a cluster, but the files cannot be used.</exception>
    public static ClusterConfiguration? TryLoad(TimeProvider time, string folder = DefaultFolder, Func<string, string?>? environment = null)
    {
        environment ??= Environment.GetEnvironmentVariable;
        var host = environment("KUBERNETES_SERVICE_HOST");
        var port = environment("KUBERNETES_SERVICE_PORT");
        if (string.IsNullOrEmpty(host) || string.IsNullOrEmpty(port)) return null;

        var address = host.Contains(':') && !host.StartsWith('[') ? $"[{host}]" : host;
        if (!Uri.TryCreate($"https://{address}:{port}", UriKind.Absolute, out var server))
            throw Fault($"KUBERNETES_SERVICE_HOST '{host}' and KUBERNETES_SERVICE_PORT '{port}' make no address", null);

        return new ClusterConfiguration
        {
            Server = server,
            Namespace = ReadNamespace(Path.Combine(folder, "namespace")),
            CertificateAuthority = ReadAuthority(Path.Combine(folder, "ca.crt")),
            Tokens = new FileToken(Path.Combine(folder, "token"), time),
        };
    }

    private static string ReadNamespace(string path) =>
        File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 } name ? name : "default";

    private static X509Certificate2Collection ReadAuthority(string path)
    {
        try
        {
            var roots = new X509Certificate2Collection();
            roots.ImportFromPemFile(path);
            return roots.Count > 0 ? roots : throw Fault($"{path} holds no certificate", null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            throw Fault($"{path} cannot be used: {e.Message}", e);
        }
    }

    private static KubernetesException Fault(string message, Exception? inner) => new(KubernetesFailure.Configuration, $"in-cluster configuration: {message}", inner);
}
