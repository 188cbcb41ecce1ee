using ControlPlane.Core.Healing;

namespace ControlPlane.Simulation.Faults;

/// <summary>Tells how one fault goes with healing, step by step.</summary>
public static class FaultStory
{
    /// <summary>The steps from the fault on at which something changed, as lines.</summary>
    /// <param name="scenario">The fault.</param>
    /// <param name="seed">Its seed.</param>
    public static IEnumerable<string> Tell(FaultScenario scenario, ulong seed)
    {
        var scene = FaultRun.Prepare(scenario, seed, FaultTreatment.Healing);
        var (service, loop, fault) = (scene.Service, scene.Loop, scene.Fault);
        yield return FormattableString.Invariant($"{scenario.Name}, seed {seed}: {fault.Kind} of magnitude {fault.Magnitude:0.##} for {fault.Duration.TotalSeconds:0} s, {service.Replicas} replicas");
        var before = "";
        while (service.Time < scene.End)
        {
            var actions = loop.Actions.Count;
            FaultRun.Second(scene);
            if (service.Time < fault.Time || !scene.IsStep) continue;
            var faults = string.Join(", ", loop.Health.Faults.Select(f => $"{f.Pod[^5..]} {f.Kind} on {f.Node}"));
            var line = $"{service.ReadyReplicas} of {service.Replicas} ready, {service.SoundPods} sound; cause {loop.Health.Cause}; faults: {(faults.Length > 0 ? faults : "none")}";
            var acted = loop.Actions.Count > actions;
            if (line == before && !acted) continue;
            before = line;
            yield return FormattableString.Invariant($"+{(service.Time - fault.Time).TotalSeconds,5:0} s  {line}{(loop.Last is { } last && (acted || last.Reason != HealingReason.Healthy) ? $" → {last.Sentence()}" : "")}");
        }
    }
}
