using ControlPlane.Kubernetes.Tests.Support;

namespace ControlPlane.Kubernetes.Tests.Configuration;

public sealed class KubeConfigTests : IDisposable
{
    private const string Good = """
        apiVersion: v1
        kind: Config
        current-context: one
        contexts:
        - name: one
          context: { cluster: a, user: u, namespace: shop }
        - name: two
          context: { cluster: b, user: u }
        - name: broken
          context: { cluster: missing }
        clusters:
        - name: a
          cluster: { server: 'https://10.0.0.1:6443' }
        - name: b
          cluster: { server: 'http://10.0.0.2', insecure-skip-tls-verify: true, tls-server-name: kube }
        users:
        - name: u
          user: { token: secret }
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task Load_CurrentContext_IsRead()
    {
        var config = Load(Good);
        Assert.Equal((new Uri("https://10.0.0.1:6443"), "shop", false), (config.Server, config.Namespace, config.SkipTlsVerify));
        Assert.Equal("secret", await config.Tokens!.GetTokenAsync(default));
        Assert.False(config.Tokens.Invalidate());
    }

    [Fact]
    public void Load_NamedContext_IsRead()
    {
        var config = Load(Good, "two");
        Assert.Equal((new Uri("http://10.0.0.2"), "default", true, "kube"), (config.Server, config.Namespace, config.SkipTlsVerify, config.TlsServerName));
    }

    [Theory]
    [InlineData("a: 1\nb: \"x\nc: 2", ": line ")]
    [InlineData("- a", "it is not a mapping")]
    [InlineData("kind: Config", "there is no current-context")]
    [InlineData("current-context: gone", "contexts has no entry named 'gone'")]
    [InlineData("current-context: c\ncontexts: [ { name: c } ]", "context 'c' has no member context")]
    [InlineData("current-context: c\ncontexts: [ { name: c, context: { user: u } } ]", "context 'c': cluster is missing")]
    public void Load_BrokenFile_NamesFileAndRule(string text, string expected)
    {
        var e = Assert.Throws<KubernetesException>(() => Load(text));
        Assert.Equal(KubernetesFailure.Configuration, e.Failure);
        Assert.StartsWith($"kubeconfig {_folder.Path}", e.Message);
        Assert.Contains(expected, e.Message);
    }

    [Theory]
    [InlineData("server: 'https://10.0.0.1:6443'", "server: 'ftp://x'", "cluster 'a': server 'ftp://x' is not an http or https address")]
    [InlineData("server: 'https://10.0.0.1:6443'", "certificate-authority: x", "cluster 'a': server is missing")]
    [InlineData("6443' }", "6443', certificate-authority: gone.pem }", "cluster 'a': certificate-authority cannot be read")]
    [InlineData("6443' }", "6443', certificate-authority-data: '%%' }", "certificate-authority-data is not base64")]
    [InlineData("6443' }", "6443', certificate-authority-data: 'YWJj' }", "certificate-authority cannot be used")]
    [InlineData("6443' }", "6443', insecure-skip-tls-verify: maybe }", "insecure-skip-tls-verify is 'maybe': it must be true or false")]
    [InlineData("token: secret", "username: me", "not supported")]
    [InlineData("token: secret", "auth-provider: { name: gcp }", "not supported")]
    [InlineData("token: secret", "client-certificate-data: YWJj", "client-certificate and client-key must be given together")]
    [InlineData("token: secret", "client-certificate-data: YWJj, client-key-data: YWJj", "client-certificate and client-key cannot be used")]
    [InlineData("token: secret", "exec: { args: [] }", "exec.command is missing")]
    public void Load_BrokenMember_NamesEntryAndRule(string from, string to, string expected) =>
        Assert.Contains(expected, Assert.Throws<KubernetesException>(() => Load(Good.Replace(from, to))).Message);

    [Fact]
    public void Load_ContextWithoutItsCluster_SaysSo() =>
        Assert.Contains("clusters has no entry named 'missing'", Assert.Throws<KubernetesException>(() => Load(Good, "broken")).Message);

    [Fact]
    public void Load_FileMissing_SaysSo() =>
        Assert.Contains("cannot be read", Assert.Throws<KubernetesException>(() => KubeConfig.Load(Path.Combine(_folder.Path, "gone"), null, _time)).Message);

    [Fact]
    public async Task TokenFile_RelativePath_IsReadAgainAfterAMinute()
    {
        _folder.Write("token", "first\n");
        var config = Load(Good.Replace("token: secret", "tokenFile: token"));
        Assert.Equal("first", await config.Tokens!.GetTokenAsync(default));
        _folder.Write("token", "second");
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal("first", await config.Tokens.GetTokenAsync(default));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("second", await config.Tokens.GetTokenAsync(default));
        File.Delete(Path.Combine(_folder.Path, "token"));
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal("second", await config.Tokens.GetTokenAsync(default));
    }

    [Fact]
    public async Task TokenFile_Missing_SaysWhichFile()
    {
        var config = Load(Good.Replace("token: secret", "tokenFile: gone"));
        Assert.Contains("gone is missing", (await Assert.ThrowsAsync<KubernetesException>(() => config.Tokens!.GetTokenAsync(default).AsTask())).Message);
    }

    [Fact]
    public async Task TokenFile_RefusedToken_IsReadAtOnceAndTriedAgain()
    {
        _folder.Write("token", "old");
        var config = Load(Good.Replace("token: secret", "tokenFile: token"));
        var handler = new ScriptedHandler(r => r.Authorization == "Bearer new" ? ScriptedHandler.Json(new Kubernetes.Api.Scale()) : ScriptedHandler.Fault(401));
        var client = new KubernetesClient(handler, ScriptedHandler.Server, _time, config.Tokens);
        var resource = KubernetesResource.Scale("apps/v1", "deployments", "shop", "web");
        await Assert.ThrowsAsync<KubernetesException>(() => client.GetAsync<Kubernetes.Api.Scale>(resource, default));
        Assert.Single(handler.Requests);
        _folder.Write("token", "new");
        await client.GetAsync<Kubernetes.Api.Scale>(resource, default);
        Assert.Equal(3, handler.Requests.Count);
    }

    [Fact]
    public async Task Exec_Command_IsRunUntilItsTokenExpires()
    {
        var script = _folder.Write("login.sh", """
            n=$(cat "$1" 2>/dev/null || echo 0); n=$((n+1)); echo $n > "$1"
            echo '{"kind":"ExecCredential","status":{"token":"'$PREFIX-$n'","expirationTimestamp":"2026-01-05T13:00:00Z"}}'
            """);
        var counter = Path.Combine(_folder.Path, "count");
        var config = Load(Good.Replace(
            "token: secret", $"exec: {{ apiVersion: client.authentication.k8s.io/v1, command: sh, args: ['{script}', '{counter}'], env: [ {{ name: PREFIX, value: t }} ] }}"));
        Assert.Equal("t-1", await config.Tokens!.GetTokenAsync(default));
        Assert.Equal("t-1", await config.Tokens.GetTokenAsync(default));
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal("t-2", await config.Tokens.GetTokenAsync(default));
        Assert.True(config.Tokens.Invalidate());
        Assert.Equal("t-3", await config.Tokens.GetTokenAsync(default));
    }

    [Theory]
    [InlineData("no-such-command-here", "", "cannot be started")]
    [InlineData("sh", "'-c', 'echo denied >&2; exit 3'", "ended with code 3: denied")]
    [InlineData("sh", "'-c', 'echo hello'", "printed no ExecCredential")]
    [InlineData("sh", "'-c', 'echo {}'", "printed no status.token")]
    public async Task Exec_CommandFails_SaysWhy(string command, string args, string expected)
    {
        var config = Load(Good.Replace("token: secret", $"exec: {{ command: {command}, args: [{args}] }}"));
        var e = await Assert.ThrowsAsync<KubernetesException>(() => config.Tokens!.GetTokenAsync(default).AsTask());
        Assert.Contains($"credential command '{command}' {expected}", e.Message);
    }

    [Fact]
    public async Task InCluster_FilesAndEnvironment_AreRead()
    {
        using var certificates = new TestCertificates();
        _folder.Write("ca.crt", certificates.AuthorityPem);
        _folder.Write("token", "sa-token");
        _folder.Write("namespace", "ops\n");
        var config = InCluster("10.96.0.1", "443")!;
        Assert.Equal((new Uri("https://10.96.0.1:443"), "ops"), (config.Server, config.Namespace));
        Assert.Equal("sa-token", await config.Tokens!.GetTokenAsync(default));
        Assert.Single(config.CertificateAuthority!);
        Assert.Equal(new Uri("https://[fd00::1]:443"), InCluster("fd00::1", "443")!.Server);
    }

    [Fact]
    public void InCluster_NoEnvironment_IsNone() => Assert.Null(InCluster(null, "443"));

    [Fact]
    public void InCluster_NoAuthority_SaysWhichFile() =>
        Assert.Contains("ca.crt cannot be used", Assert.Throws<KubernetesException>(() => InCluster("10.96.0.1", "443")).Message);

    public void Dispose() => _folder.Dispose();

    private ClusterConfiguration? InCluster(string? host, string? port) => InClusterConfiguration.TryLoad(
        _time, _folder.Path, name => name == "KUBERNETES_SERVICE_HOST" ? host : name == "KUBERNETES_SERVICE_PORT" ? port : null);

    private ClusterConfiguration Load(string text, string? context = null) => KubeConfig.Load(_folder.Write("config", text), context, _time);
}
