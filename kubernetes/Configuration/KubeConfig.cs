using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ControlPlane.Kubernetes;

/// <summary>Reads a kubeconfig: contexts, certificates as files or data, tokens, token files and credential commands.</summary>
public static class KubeConfig
{
    /// <summary>Reads one context.</summary>
    /// <param name="path">The file; null: the files of <c>KUBECONFIG</c> (the first that names something wins), else <c>~/.kube/config</c>.</param>
    /// <param name="context">The context; null: the current one.</param>
    /// <param name="time">Says when a token is to be renewed.</param>
    /// <exception cref="KubernetesException">A file, the context or something that it names is missing or wrong; the message names file and member.</exception>
    public static ClusterConfiguration Load(string? path, string? context, TimeProvider time)
    {
        var files = Paths(path).Select(KubeConfigFile.Read).ToList();
        var origin = string.Join(Path.PathSeparator, files.Select(f => f.Path));
        var name = context ?? files.Select(f => f.CurrentContext).FirstOrDefault(c => !string.IsNullOrEmpty(c))
            ?? throw KubeConfigFile.Fault(origin, "there is no current-context and none was asked for");
        var chosen = Find(files, "contexts", name, "context");
        var cluster = Find(files, "clusters", chosen.Require("cluster"), "cluster");
        var user = chosen.Text("user") is { } userName ? Find(files, "users", userName, "user") : null;
        return new ClusterConfiguration
        {
            Server = Server(cluster),
            Namespace = chosen.Text("namespace") ?? "default",
            SkipTlsVerify = cluster.Flag("insecure-skip-tls-verify"),
            TlsServerName = cluster.Text("tls-server-name"),
            CertificateAuthority = Authority(cluster),
            ClientCertificate = user is null ? null : ClientCertificate(user),
            Tokens = user is null ? null : Tokens(user, time),
        };
    }

    private static IEnumerable<string> Paths(string? path)
    {
        if (path is not null) return [path];
        var variable = Environment.GetEnvironmentVariable("KUBECONFIG");
        if (string.IsNullOrEmpty(variable))
            return [Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config")];
        var listed = variable.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var existing = listed.Where(File.Exists).ToArray();
        return existing.Length > 0 ? existing : listed;
    }

    private static KubeConfigEntry Find(List<KubeConfigFile> files, string list, string name, string member) =>
        files.Select(f => f.Find(list, name, member)).FirstOrDefault(e => e is not null)
            ?? throw KubeConfigFile.Fault(string.Join(Path.PathSeparator, files.Select(f => f.Path)), $"{list} has no entry named '{name}'");

    private static Uri Server(KubeConfigEntry cluster)
    {
        var text = cluster.Require("server");
        return Uri.TryCreate(text, UriKind.Absolute, out var server) && server.Scheme is "http" or "https"
            ? server
            : throw cluster.Fault($"server '{text}' is not an http or https address");
    }

    private static X509Certificate2Collection? Authority(KubeConfigEntry cluster)
    {
        if (cluster.Pem("certificate-authority") is not { } pem) return null;
        return Guard(cluster, "certificate-authority", () =>
        {
            var roots = new X509Certificate2Collection();
            roots.ImportFromPem(pem);
            return roots.Count > 0 ? roots : throw new CryptographicException("there is no certificate in it");
        });
    }

    private static X509Certificate2? ClientCertificate(KubeConfigEntry user)
    {
        var certificate = user.Pem("client-certificate");
        var key = user.Pem("client-key");
        if (certificate is null && key is null) return null;
        if (certificate is null || key is null) throw user.Fault("client-certificate and client-key must be given together");
        return Guard(user, "client-certificate and client-key", () =>
        {
            // A key that lives only in memory cannot be used for TLS on every platform; one round through PKCS#12 makes it so.
            using var ephemeral = X509Certificate2.CreateFromPem(certificate, key);
            return X509CertificateLoader.LoadPkcs12(ephemeral.Export(X509ContentType.Pkcs12), null);
        });
    }

    private static T Guard<T>(KubeConfigEntry entry, string member, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw entry.Fault($"{member} cannot be used: {e.Message}", e);
        }
    }

    private static IBearerTokenSource? Tokens(KubeConfigEntry user, TimeProvider time)
    {
        if (user.Text("username") is not null || user.Has("auth-provider"))
            throw user.Fault("username/password and auth-provider are not supported (Kubernetes removed them): use a token, a client certificate or exec");
        if (user.FilePath("tokenFile") is { } file) return new FileToken(file, time);
        if (user.Text("token") is { } token) return new StaticToken(token);
        return user.Exec() is { } command ? new ExecToken(command, time) : null;
    }
}
