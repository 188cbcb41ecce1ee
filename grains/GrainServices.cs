using ControlPlane.Core.Anomalies.Watch;
using ControlPlane.Core.Forecasting.Models;
using ControlPlane.Core.Metrics;
using ControlPlane.Grains.Decisions;
using ControlPlane.Grains.Models;
using ControlPlane.Grains.Teams;
using ControlPlane.Grains.Work;
using ControlPlane.Kubernetes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ControlPlane.Grains;

/// <summary>What the grains need beside collector and actuator.</summary>
public static class GrainServices
{
    /// <summary>Registers it; a host that runs the grains calls this, which also brings their assembly in.</summary>
    public static IServiceCollection AddControlPlaneGrains(this IServiceCollection services)
    {
        services.TryAddSingleton(new IntakeOptions());
        // Off unless the host asks for it, as the silo does: it takes a quarter as much memory as all the rest of a service.
        services.TryAddSingleton(new WatchOptions { FalseAlarmsPerMonth = 0 });
        services.TryAddSingleton(new PromotionOptions());
        services.TryAddSingleton(new WorkOptions());
        services.TryAddSingleton(_ => ForecasterCatalog.OfProgram());
        services.TryAddSingleton<ModelShelf>();
        services.TryAddSingleton(new AdviserSource(null));
        services.TryAddSingleton<TeamReadings>();
        services.TryAddSingleton<IPodMarker, NoPodMarker>();
        services.TryAddSingleton<IPodHealer>(p => new NoPodHealer(p.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<IBackgroundWork, DeferredWork>();
        services.AddSingleton<IModelTrainer, HoltWintersTrainer>();
        services.AddSingleton<IModelTrainer, NetworkTrainer>();
        return services;
    }
}
