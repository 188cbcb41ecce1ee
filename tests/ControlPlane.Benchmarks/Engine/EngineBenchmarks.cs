using System.Globalization;
using BenchmarkDotNet.Attributes;
using ControlPlane.Embedded.Virtual;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;

namespace ControlPlane.Benchmarks.Engine;

/// <summary>Calls, events and activations of the embedded engine; figures are per operation.</summary>
// In this process, so that it runs from any folder without building a project of its own.
[InProcess]
[MemoryDiagnoser]
public class EngineBenchmarks
{
    private const int Callers = 100;
    private const int PerCaller = 1000;
    private const int Operations = Callers * PerCaller;

    private IHost _host = null!;
    private IEchoGrain[] _grains = null!;
    private int _round;

    [GlobalSetup]
    public async Task Start()
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.ClearProviders();
        builder.UseOrleans(static silo => silo.AddMemoryStreams("streams"));
        _host = builder.Build();
        await _host.StartAsync();
        var client = _host.Services.GetRequiredService<IClusterClient>();
        _grains = [.. Enumerable.Range(0, Callers).Select(i => client.GetGrain<IEchoGrain>($"g{i}"))];
    }

    [GlobalCleanup]
    public async Task Stop()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    [Benchmark(Baseline = true, OperationsPerInvoke = Operations)]
    public Task Calls() => Task.WhenAll(_grains.Select(static async grain =>
    {
        for (var i = 0; i < PerCaller; i++)
        {
            await grain.Echo(i);
        }
    }));

    [Benchmark(OperationsPerInvoke = Operations)]
    public async Task Events()
    {
        using var awaited = SinkGrain.Awaited = new CountdownEvent(Operations);
        await Task.WhenAll(_grains.Select(static async grain =>
        {
            for (var i = 0; i < PerCaller; i++)
            {
                await grain.Publish(i);
            }
        }));
        awaited.Wait();
    }

    [Benchmark(OperationsPerInvoke = PerCaller)]
    public async Task Activations()
    {
        var client = _host.Services.GetRequiredService<IClusterClient>();
        var round = (_round++).ToString(CultureInfo.InvariantCulture);
        for (var i = 0; i < PerCaller; i++)
        {
            await client.GetGrain<IEchoGrain>($"{round}-{i}").Echo(i);
        }
    }

    [Benchmark(OperationsPerInvoke = Operations)]
    public VirtualRunResult VirtualCalls() => VirtualCluster.Run(1, static _ => { }, static context => Task.WhenAll(
        Enumerable.Range(0, Callers).Select(i => context.Start(async () =>
        {
            var grain = context.GrainFactory.GetGrain<IEchoGrain>($"g{i}");
            for (var call = 0; call < PerCaller; call++)
            {
                await grain.Echo(call);
            }
        }))));
}
