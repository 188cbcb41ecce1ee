using System.Net;
using System.Net.Sockets;
using System.Text;
using ControlPlane.Kubernetes.Api;
using ControlPlane.Kubernetes.Tests.Support;

namespace ControlPlane.Kubernetes.Tests.Configuration;

/// <summary>Real sockets and certificates; a kubeconfig says how.</summary>
public sealed class TlsTests : IDisposable
{
    private static readonly KubernetesResource Scale = KubernetesResource.Scale("apps/v1", "deployments", "shop", "web");
    private readonly TestCertificates _certificates = new();
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Get_ClientCertificate_IsShownAndTheServerVerified(bool asData)
    {
        await using var server = await TlsServer.StartAsync(_certificates);
        var name = await Ask($$"""
            cluster: { server: '{{server.Address}}', {{Pem("certificate-authority", _certificates.AuthorityPem, asData)}} }
            """, $$"""
            user: { {{Pem("client-certificate", _certificates.ClientPem, asData)}}, {{Pem("client-key", _certificates.ClientKeyPem, asData)}} }
            """);
        Assert.Equal("CN=controlplane||HTTP/2", name);
    }

    [Fact]
    public async Task Get_Token_IsSentWithoutACertificate()
    {
        await using var server = await TlsServer.StartAsync(_certificates);
        var name = await Ask($"cluster: {{ server: '{server.Address}', {Pem("certificate-authority", _certificates.AuthorityPem, true)}, tls-server-name: kubernetes.default }}", "user: { token: abc }");
        Assert.Equal("|Bearer abc|HTTP/2", name);
    }

    [Fact]
    public async Task Get_UnverifiedServer_IsAccepted()
    {
        await using var server = await TlsServer.StartAsync(_certificates);
        Assert.Equal("||HTTP/2", await Ask($"cluster: {{ server: '{server.Address}', insecure-skip-tls-verify: true }}", "user: {}"));
    }

    [Fact]
    public async Task Get_ServerOfAnotherAuthority_IsRefusedWithAClearMessage()
    {
        using var others = new TestCertificates();
        await using var server = await TlsServer.StartAsync(_certificates);
        var e = await Assert.ThrowsAsync<KubernetesException>(() =>
            Ask($"cluster: {{ server: '{server.Address}', {Pem("certificate-authority", others.AuthorityPem, true)} }}", "user: {}"));
        Assert.Equal((KubernetesFailure.Tls, false), (e.Failure, e.IsOutcomeUnknown));
        Assert.Contains($"{server.Address.Authority}: no secure connection for get deployments/scale web in namespace shop", e.Message);
    }

    [Fact]
    public async Task Get_ServerOfAnotherName_IsRefused()
    {
        await using var server = await TlsServer.StartAsync(_certificates);
        var e = await Assert.ThrowsAsync<KubernetesException>(() =>
            Ask($"cluster: {{ server: '{server.Address}', {Pem("certificate-authority", _certificates.AuthorityPem, true)}, tls-server-name: other }}", "user: {}"));
        Assert.Equal(KubernetesFailure.Tls, e.Failure);
    }

    [Fact]
    public async Task Get_NobodyListens_IsUnreachable()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        var e = await Assert.ThrowsAsync<KubernetesException>(() => Ask($"cluster: {{ server: 'https://127.0.0.1:{port}' }}", "user: {}"));
        Assert.Equal((KubernetesFailure.Unreachable, false), (e.Failure, e.IsOutcomeUnknown));
        Assert.StartsWith($"127.0.0.1:{port}: cannot connect for get deployments/scale web in namespace shop: ", e.Message);
    }

    public void Dispose()
    {
        _folder.Dispose();
        _certificates.Dispose();
    }

    private async Task<string?> Ask(string cluster, string user)
    {
        var path = _folder.Write("config", $$"""
            current-context: c
            contexts: [ { name: c, context: { cluster: k, user: u } } ]
            clusters:
            - name: k
              {{cluster.Trim()}}
            users:
            - name: u
              {{user.Trim()}}
            """);
        using var client = KubernetesClient.Create(KubeConfig.Load(path, null, TimeProvider.System), TimeProvider.System);
        return (await client.GetAsync<Scale>(Scale, default)).Metadata.Name;
    }

    private string Pem(string member, string pem, bool asData)
    {
        if (asData) return $"{member}-data: {Convert.ToBase64String(Encoding.UTF8.GetBytes(pem))}";
        _folder.Write($"{member}.pem", pem);
        return $"{member}: {member}.pem";
    }
}
