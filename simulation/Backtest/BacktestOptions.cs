using ControlPlane.Core.Forecasting.Models;
using ControlPlane.Core.Policies;
using ControlPlane.Simulation.Services;

namespace ControlPlane.Simulation.Backtest;

/// <summary>What a backtest runs on.</summary>
public sealed record BacktestOptions
{
    /// <summary>Name of our own method.</summary>
    public const string Own = "controlplane";

    /// <summary>The policy; its mode counts as Auto, so that the backtest shows what it would do.</summary>
    public required PolicyDocument Policy { get; init; }

    /// <summary>The simulated service.</summary>
    public required ServiceProfile Profile { get; init; }

    /// <summary>Seed of every random choice. Default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The adviser of our own method; null for none. A policy that does not ask for it counts as if it let it act.</summary>
    public ModelArtifact? Adviser { get; init; }

    /// <summary>The methods that run beside our own, of <see cref="ScalingMethods.Names"/>.</summary>
    public IReadOnlyList<string> Against { get; init; } = ["hpa", "static", "oracle"];
}
