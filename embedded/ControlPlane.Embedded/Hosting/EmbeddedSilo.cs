using ControlPlane.Embedded.Runtime;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Hosting;

namespace ControlPlane.Embedded.Hosting;

/// <summary>The embedded engine in real time, as a part of a host.</summary>
internal sealed class EmbeddedSilo(Engine engine) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => engine.Reminders.StartAsync();

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        try
        {
            await engine.StopAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The host has waited long enough for grains that do not end; the process goes without them.
        }

        engine.Dispose();
    }

    internal static Engine MakeEngine(IServiceProvider services)
    {
        var messaging = services.GetRequiredService<IOptions<SiloMessagingOptions>>().Value;
        var collection = services.GetRequiredService<IOptions<GrainCollectionOptions>>().Value;
        return new Engine(services, new EngineSettings
        {
            Scheduler = new ThreadPoolScheduler(),
            Time = services.GetRequiredService<TimeProvider>(),
            GrainTypes = services.GetService<GrainTypeSelection>()?.Types ?? GrainClasses.FindAll(),
            ResponseTimeout = messaging.ResponseTimeout,
            CollectionAge = collection.CollectionAge,
            CollectionQuantum = collection.CollectionQuantum,
            MinimumReminderPeriod = services.GetRequiredService<IOptions<ReminderOptions>>().Value.MinimumReminderPeriod,
        });
    }
}

/// <summary>The grain classes to use, if not all that are found.</summary>
internal sealed record GrainTypeSelection(IReadOnlyCollection<Type> Types);
