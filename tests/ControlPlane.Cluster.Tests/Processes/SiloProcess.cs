using System.Globalization;
using ControlPlane.Client;

namespace ControlPlane.Cluster.Tests.Processes;

/// <summary>The silo as it is shipped, in a process of its own.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private SiloProcess(string name, ChildProcess process, int siloPort, int httpPort)
    {
        (Name, _process, SiloPort) = (name, process, siloPort);
        Http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{httpPort}/"), Timeout = TimeSpan.FromSeconds(30) };
        Client = new ControlPlaneClient(Http);
    }

    public string Name { get; }

    public int SiloPort { get; }

    public HttpClient Http { get; }

    public ControlPlaneClient Client { get; }

    public bool HasExited => _process.HasExited;

    private static string Program
    {
        get
        {
            // bin/<project>/<configuration>: the silo's own output stands beside ours.
            var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
            return Path.Combine(own.Parent!.Parent!.FullName, "ControlPlane.Silo", own.Name, "ControlPlane.Silo.dll");
        }
    }

    public static SiloProcess Start(string name, string connectionString, string kubeconfig, string logFolder)
    {
        var (siloPort, gatewayPort, httpPort) = (FreePorts.Take(), FreePorts.Take(), FreePorts.Take());
        var settings = new Dictionary<string, string>
        {
            ["Clustering"] = "AdoNet",
            ["Storage"] = "AdoNet",
            ["ConnectionString"] = connectionString,
            ["SiloPort"] = siloPort.ToString(CultureInfo.InvariantCulture),
            ["GatewayPort"] = gatewayPort.ToString(CultureInfo.InvariantCulture),
            ["AdvertisedAddress"] = "127.0.0.1",
            ["Kubeconfig"] = kubeconfig,
            ["Cluster"] = FleetTraffic.Cluster,
        };
        var process = ChildProcess.Start(
            Path.Combine(logFolder, $"{name}.log"),
            ["dotnet", Program, "--urls", $"http://127.0.0.1:{httpPort}"],
            settings.ToDictionary(setting => $"ControlPlane__{setting.Key}", setting => setting.Value));
        return new SiloProcess(name, process, siloPort, httpPort);
    }

    /// <summary>Waits until the silo says that it is ready.</summary>
    public Task ReadyAsync() => Eventually.HoldsAsync(IsReadyAsync, ready => ready, $"{Name} is ready; its log ends: {_process.LogEnd()}");

    public void Send(Signal signal) => _process.Send(signal);

    public Task WaitForExitAsync() => _process.WaitForExitAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _process.DisposeAsync();
    }

    private async Task<bool> IsReadyAsync()
    {
        Assert.False(_process.HasExited, _process.HasExited ? $"{Name} ended: {_process.LogEnd()}" : "");
        try
        {
            using var answer = await Http.GetAsync("readyz");
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
