using ControlPlane.Core.Learning;
using ControlPlane.Core.Scaling;
using ControlPlane.Simulation.Services;

namespace ControlPlane.Simulation.Backtest;

/// <summary>A way to scale one simulated service, asked at the end of every step.</summary>
public interface IScalingMethod
{
    /// <summary>Its name in reports.</summary>
    string Name { get; }

    /// <summary>Replicas to have from now on; null leaves them.</summary>
    /// <param name="service">The service at the step's end; <see cref="SimulatedService.Read"/> tells what a collector sees of it.</param>
    int? Decide(SimulatedService service);

    /// <summary>The record of the newest decision; null for methods that keep none.</summary>
    DecisionRecord? Record => null;
}

/// <summary>Makes methods by name.</summary>
public static class ScalingMethods
{
    /// <summary>Names of the baselines.</summary>
    public static readonly IReadOnlyList<string> Names = ["hpa", "hpa-tuned", "keda", "predictive-hpa", "hourly", "static", "oracle"];

    /// <summary>Makes a method for one run over a service.</summary>
    /// <exception cref="ArgumentException">There is no such method.</exception>
    public static IScalingMethod Make(string name, BacktestOptions options, SimulatedService service) => name switch
    {
        BacktestOptions.Own => new ControlPlaneMethod(options.Policy, adviser: options.Adviser is { } adviser ? AdviserModel.Of(adviser) : null),
        "hpa" => new HpaMethod(options.Policy),
        "hpa-tuned" => new TunedHpaMethod(options, service),
        "keda" => new KedaMethod(options.Policy, KedaOptions.For(options.Policy, service.Profile)),
        "predictive-hpa" => new PredictiveHpaMethod(options.Policy),
        "hourly" => new HourlyScalingMethod(options.Policy, service.Profile.Startup.Median),
        "static" => new StaticMethod(options.Policy, service),
        "oracle" => new OracleMethod(options.Policy, service),
        _ => throw new ArgumentException($"There is no method '{name}'; known: {string.Join(", ", Names)}.", nameof(name)),
    };
}
