using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace ControlPlane.Kubernetes;

/// <summary>How to reach one API server and who to be there. The certificates belong to it.</summary>
public sealed record ClusterConfiguration
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan PingDelay = TimeSpan.FromSeconds(30);

    /// <summary>The API server's address.</summary>
    public required Uri Server { get; init; }

    /// <summary>Namespace of the context; <c>default</c> when it names none.</summary>
    public string Namespace { get; init; } = "default";

    /// <summary>Roots that the server's certificate must lead to; null: the system's.</summary>
    public X509Certificate2Collection? CertificateAuthority { get; init; }

    /// <summary>Whether any server certificate is accepted. Only for trials.</summary>
    public bool SkipTlsVerify { get; init; }

    /// <summary>Name that the server's certificate must have; null: the address's host.</summary>
    public string? TlsServerName { get; init; }

    /// <summary>Certificate with private key that the client shows; null: none.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>Bearer tokens; null: none.</summary>
    public IBearerTokenSource? Tokens { get; init; }

    /// <summary>The in-cluster configuration where there is one, else the kubeconfig's current context.</summary>
    /// <exception cref="KubernetesException">Neither is usable.</exception>
    public static ClusterConfiguration Default(TimeProvider time) => InClusterConfiguration.TryLoad(time) ?? KubeConfig.Load(null, null, time);

    /// <summary>Makes a handler over sockets.</summary>
    public HttpMessageHandler CreateHandler() => TlsServerName is null ? Sockets() : new ServerNameHandler(TlsServerName, Sockets());

    private SocketsHttpHandler Sockets() => new()
    {
        ConnectTimeout = ConnectTimeout,
        PooledConnectionLifetime = ConnectionLifetime,
        KeepAlivePingDelay = PingDelay,
        EnableMultipleHttp2Connections = true,
        AllowAutoRedirect = false,
        UseCookies = false,
        AutomaticDecompression = System.Net.DecompressionMethods.GZip,
        SslOptions = TlsOptions(),
    };

    private SslClientAuthenticationOptions TlsOptions()
    {
        var options = new SslClientAuthenticationOptions();
        if (ClientCertificate is not null) options.ClientCertificateContext = SslStreamCertificateContext.Create(ClientCertificate, null, offline: true);
        if (SkipTlsVerify) options.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        else if (CertificateAuthority is not null) options.CertificateChainPolicy = ChainPolicy(CertificateAuthority);
        return options;
    }

    private static X509ChainPolicy ChainPolicy(X509Certificate2Collection roots)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.AddRange(roots);
        return policy;
    }

    /// <summary>The socket handler asks for, and verifies, the name in the Host header; it overwrites a target host in its options.</summary>
    private sealed class ServerNameHandler(string name, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Host = name;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
