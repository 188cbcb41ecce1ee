using ControlPlane.Simulation.Api;
using ControlPlane.Simulation.Cluster;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Simulation.Hosting;

/// <summary>A simulated cluster behind HTTP on 127.0.0.1, moved by a clock.</summary>
public sealed class SimulatedClusterHost : IAsyncDisposable
{
    /// <summary>How often the cluster is moved on, in the clock's time.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly WebApplication _app;
    private readonly CancellationTokenSource _stopping = new();
    private Task _ticking = Task.CompletedTask;

    private SimulatedClusterHost(WebApplication app, SimulatedApi api, TimeProvider? clock) => (_app, Api, Clock) = (app, api, clock);

    /// <summary>The API that is served.</summary>
    public SimulatedApi Api { get; }

    /// <summary>The clock that moves the cluster; null when the caller does.</summary>
    public TimeProvider? Clock { get; }

    /// <summary>The address, for example <c>http://127.0.0.1:8001</c>.</summary>
    public string Url { get; private set; } = "";

    /// <summary>Starts serving.</summary>
    /// <param name="cluster">The cluster.</param>
    /// <param name="port">The port; 0 takes a free one.</param>
    /// <param name="clock">Moves the cluster; null leaves that to the caller.</param>
    /// <param name="cancellationToken">Gives the start up.</param>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<SimulatedClusterHost> StartAsync(
        SimulatedCluster cluster,
        int port = 0,
        TimeProvider? clock = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(o => o.Listen(System.Net.IPAddress.Loopback, port, l => l.Protocols = HttpProtocols.Http1));
        var app = builder.Build();
        var host = new SimulatedClusterHost(app, new SimulatedApi(cluster, clock ?? TimeProvider.System), clock);
        app.MapSimulatedCluster(host.Api);
        try
        {
            await app.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await host.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        host.Url = app.Urls.First();
        if (clock is not null) host._ticking = host.TickAsync(clock);
        return host;
    }

    /// <summary>Stops the clock and the server.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested) return;
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _ticking.ConfigureAwait(false);
        using (var now = new CancellationTokenSource())
        {
            // Watches never end by themselves: the server must not wait for them.
            await now.CancelAsync().ConfigureAwait(false);
            await _app.StopAsync(now.Token).ConfigureAwait(false);
        }

        await _app.DisposeAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task TickAsync(TimeProvider clock)
    {
        using var timer = new PeriodicTimer(Period, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false)) Api.Cluster.AdvanceTo(clock.GetUtcNow());
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Disposal ends the loop.
        }
    }
}
