namespace ControlPlane.Simulation.Faults;

/// <summary>What healing did to a healthy service over a recorded demand.</summary>
public sealed record HealthyRow
{
    /// <summary>Name of the trace.</summary>
    public required string Trace { get; init; }

    /// <summary>Days of it.</summary>
    public required double Days { get; init; }

    /// <summary>Mean number of pods.</summary>
    public required double MeanPods { get; init; }

    /// <summary>Pods evicted.</summary>
    public required int Evictions { get; init; }

    /// <summary>Everything that healing did: evictions, marks, holds, undone scale-ins.</summary>
    public required int Actions { get; init; }

    /// <summary><see cref="Actions"/> in 30 days.</summary>
    public double ActionsPerMonth => Days > 0 ? Actions * 30 / Days : 0;

    /// <summary>Steps at which a fault or a common cause was reported, in 30 days.</summary>
    public required double FindingsPerMonth { get; init; }

    /// <summary>What was done, by action and reason, most often first.</summary>
    public required IReadOnlyList<string> Kinds { get; init; }

    /// <summary>What was done, one sentence each with its time, oldest first.</summary>
    public required IReadOnlyList<string> Story { get; init; }
}
