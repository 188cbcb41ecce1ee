using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using ControlPlane.Client;
using ControlPlane.Cluster.Tests.Processes;

namespace ControlPlane.Cluster.Tests.Operations;

/// <summary>The silo as it is shipped, in a process of its own, with settings of the test's; it manages a cluster that does not answer.</summary>
internal sealed class OperatedSilo : IAsyncDisposable
{
    public const string Token = "0123456789abcdef";

    private readonly ChildProcess _process;

    private OperatedSilo(ChildProcess process, int httpPort)
    {
        _process = process;
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{httpPort}/"), Timeout = TimeSpan.FromMinutes(1) };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        Client = new ControlPlaneClient(Http);
    }

    public HttpClient Http { get; }

    public ControlPlaneClient Client { get; }

    /// <summary>The newest part of what the silo wrote.</summary>
    public string Log => _process.LogEnd();

    private static string Program
    {
        get
        {
            // bin/<project>/<configuration>: the silo's own output stands beside ours.
            var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
            return Path.Combine(own.Parent!.Parent!.FullName, "ControlPlane.Silo", own.Name, "ControlPlane.Silo.dll");
        }
    }

    /// <param name="folder">For its log and kubeconfig.</param>
    /// <param name="connectionString">The database.</param>
    /// <param name="settings">On top of clustering and storage in it; null takes one away.</param>
    public static OperatedSilo Start(string folder, string connectionString, params (string Name, string? Value)[] settings)
    {
        var http = FreePorts.Take();
        var kubeconfig = Path.Combine(folder, "closed");
        if (!File.Exists(kubeconfig)) Simulation.Hosting.Kubeconfig.Write(kubeconfig, "http://127.0.0.1:9", "test");
        var all = new Dictionary<string, string?>
        {
            ["Clustering"] = "AdoNet",
            ["Storage"] = "AdoNet",
            ["ConnectionString"] = connectionString,
            ["SiloPort"] = Text(FreePorts.Take()),
            ["GatewayPort"] = "0",
            ["AdvertisedAddress"] = "127.0.0.1",
            ["Kubeconfig"] = kubeconfig,
            ["Cluster"] = "test",
            ["AdminToken"] = Token,
        };
        foreach (var (name, value) in settings) all[name] = value;
        var environment = all.Where(s => s.Value is not null).ToDictionary(s => $"ControlPlane__{s.Key.Replace(":", "__", StringComparison.Ordinal)}", s => s.Value!);
        var log = Path.Combine(folder, $"silo-{http}.log");
        return new OperatedSilo(ChildProcess.Start(log, ["dotnet", Program, "--urls", $"http://127.0.0.1:{http}"], environment), http);
    }

    public async Task<OperatedSilo> ReadyAsync()
    {
        await Eventually.HoldsAsync(ReadinessAsync, answer => answer.Status == HttpStatusCode.OK, $"the silo is ready; its log: {_process.LogEnd()}");
        return this;
    }

    /// <summary>What <c>/readyz</c> says; no status while nobody listens.</summary>
    public async Task<(HttpStatusCode? Status, string Text)> ReadinessAsync()
    {
        Assert.False(_process.HasExited, _process.HasExited ? _process.LogEnd() : "");
        try
        {
            using var answer = await Http.GetAsync("readyz");
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
        }
        catch (HttpRequestException)
        {
            return (null, "");
        }
    }

    /// <summary>Waits for the end of a silo that cannot start, or was told to stop.</summary>
    public async Task<(int ExitCode, string Log)> EndAsync()
    {
        await _process.WaitForExitAsync();
        return (_process.ExitCode, _process.LogEnd());
    }

    public Task<(int ExitCode, string Log)> TerminateAsync()
    {
        _process.Send(Signal.Terminate);
        return EndAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _process.DisposeAsync();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
