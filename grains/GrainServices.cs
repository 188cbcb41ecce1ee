using ControlPlane.Core.Metrics;
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
        return services;
    }
}
