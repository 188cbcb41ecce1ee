using ControlPlane.Simulation.Traces;

namespace ControlPlane.Simulation.Backtest.Frontier;

/// <summary>A demand for the frontier, in units of what one pod serves: the median keeps at most 15 pods busy and the 99.5th percentile at most 120.</summary>
public sealed class FrontierTrace
{
    /// <summary>Least number of steps: fewer tell nothing of a day.</summary>
    public const int LeastSteps = 240;

    /// <summary>Sizes a service to a load.</summary>
    /// <param name="name">Name in reports.</param>
    /// <param name="load">The demand at the step of the decisions, in any unit; unknown steps are neither seen nor scored.</param>
    /// <exception cref="ArgumentException">The load is shorter than <see cref="LeastSteps"/>, holds nothing known, or its step is below 15 s.</exception>
    public FrontierTrace(string name, LoadSeries load)
    {
        if (load.Step < LoadOptions.DefaultStep) throw new ArgumentException($"The step {load.Step} is below {LoadOptions.DefaultStep}.", nameof(load));
        if (load.Length < LeastSteps) throw new ArgumentException($"{name} has {load.Length} steps; at least {LeastSteps} are needed.", nameof(load));
        (Name, Step, Demand) = (name, load.Step, new double[load.Length]);
        var scale = ServiceSizing.Scale(load) / ServiceSizing.ReferenceCapacity;
        for (var t = 0; t < Demand.Length; t++) Demand[t] = load.IsKnownAt(t) ? load.DemandAt(t) * scale : double.NaN;
        if (!Array.Exists(Demand, double.IsFinite)) throw new ArgumentException($"{name} holds no known demand.", nameof(load));
    }

    /// <summary>The trace's name.</summary>
    public string Name { get; }

    /// <summary>Length of a step.</summary>
    public TimeSpan Step { get; }

    /// <summary>Number of steps.</summary>
    public int Length => Demand.Length;

    /// <summary>Pods' worth of demand; NaN is unknown.</summary>
    internal double[] Demand { get; }

    internal FrontierService ServiceWith(TimeSpan startup) => new(Demand, Step, (int)Math.Max(1, Math.Ceiling(startup / Step)));
}
