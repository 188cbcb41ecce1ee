using ControlPlane.Core.Metrics;
using ControlPlane.Core.Policies;

namespace ControlPlane.Core.Scaling;

/// <summary>First stage: which signals can be trusted at this step.</summary>
public static class SignalGate
{
    /// <summary>What the signals of one step allow.</summary>
    /// <param name="MayScaleDown">Whether every signal that scale-in rests on is there.</param>
    /// <param name="HasDemand">Whether demand is known, so that a forecast means something.</param>
    public readonly record struct Verdict(bool MayScaleDown, bool HasDemand);

    /// <summary>Scale-in needs the pods and every reactive metric; prediction needs the demand as well.</summary>
    public static Verdict Judge(Observation observation, ReactivePolicy reactive, StageList stages)
    {
        var hasDemand = observation.Demand is not null;
        var complete = observation.ReadyReplicas is not null && observation.MissingSignals.IsEmpty && HasMetrics(observation, reactive);
        stages.Add("signals", complete ? null : "missing", null,
            new("demand_rps", observation.Demand), new("current", observation.CurrentReplicas), new("ready", observation.ReadyReplicas),
            new("missing", observation.MissingSignals.Length));
        return new(complete, hasDemand);
    }

    private static bool HasMetrics(Observation observation, ReactivePolicy reactive)
    {
        foreach (var target in reactive.Metrics)
        {
            var known = target.Metric == SignalNames.Demand ? observation.Demand is not null : Measured(observation, target.Metric);
            if (!known) return false;
        }
        return true;
    }

    private static bool Measured(Observation observation, string metric)
    {
        foreach (var summary in observation.PodMetrics)
            if (summary.Metric == metric) return summary.ReadyPods > 0;
        return false;
    }
}
