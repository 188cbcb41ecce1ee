using ControlPlane.Core.Policies;
using ControlPlane.GrainInterfaces;
using ControlPlane.Grains;
using ControlPlane.Kubernetes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Hosting;
using Orleans.Storage;

namespace ControlPlane.Benchmarks.Pipeline;

/// <summary>The grains of a fleet in the embedded engine, in real time under a clock that jumps from step to step.</summary>
internal sealed class PipelineHost : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 1, 5, 8, 0, 0, TimeSpan.Zero);
    private const string InnerStorage = "inner";
    private readonly JumpingTime _time = new(Start);
    private readonly IHost _host;

    private PipelineHost(int services)
    {
        Fleet = new Fleet(services, _time);
        Meter = DecisionSinkGrain.Meter = new StepMeter(services);
        var model = Convert.ToBase64String(WarmModel.Train(Start));
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(_time);
        builder.Services.AddSingleton<IWorkloadCollector>(Fleet);
        builder.Services.AddSingleton<IScaleActuator>(Fleet);
        builder.Services.AddControlPlaneGrains();
        builder.UseOrleans(silo => silo.AddMemoryStreams(StreamNames.Provider).UseInMemoryReminderService().AddMemoryGrainStorage(InnerStorage));
        builder.Services.AddKeyedSingleton<IGrainStorage>(StorageNames.Grains, (provider, _) =>
            new WarmStorage(provider.GetRequiredKeyedService<IGrainStorage>(InnerStorage), model));
        _host = builder.Build();
    }

    public Fleet Fleet { get; }

    public StepMeter Meter { get; }

    public static async Task<PipelineHost> StartAsync(int services)
    {
        var host = new PipelineHost(services);
        await host._host.StartAsync();
        var grains = host._host.Services.GetRequiredService<IGrainFactory>();
        await grains.GetGrain<IPolicyGrain>(Fleet.Cluster).Put(Fleet.Policy);
        foreach (var spec in host.Fleet.Specs) await grains.Catalog(spec.Id).Register(spec);
        return host;
    }

    /// <summary>Lets a step pass and waits until every service has decided it. A jump before a service has set its timer anew would skip its step.</summary>
    public void Step()
    {
        Meter.Begin();
        _time.Jump(PolicyDocument.DefaultStep, Fleet.Specs.Length);
        Meter.WaitForAll();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
