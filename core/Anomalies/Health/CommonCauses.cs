using System.Collections.Immutable;
using System.Globalization;
using ControlPlane.Core.Anomalies.Pods;
using ControlPlane.Core.Metrics;

namespace ControlPlane.Core.Anomalies.Health;

/// <summary>Tells the trouble of a pod from one that pods have in common: their node, what they depend on, their release, their load.</summary>
internal static class CommonCauses
{
    /// <summary>What a step showed.</summary>
    /// <param name="Observation">The workload's step.</param>
    /// <param name="Pods">Its pods.</param>
    /// <param name="Faults">Faults of single pods.</param>
    /// <param name="ManyApart">Whether many pods are apart from the others at once.</param>
    /// <param name="BreachedSteps">Steps in a row that missed the objective.</param>
    public sealed record Scene(Observation Observation, List<PodLog> Pods, ImmutableArray<PodFault> Faults, bool ManyApart, int BreachedSteps);

    public static HealthReport Judge(Scene scene, HealthOptions options, double busyUtilization)
    {
        var report = new HealthReport { Faults = scene.Faults, BreachedSteps = scene.BreachedSteps };
        // Pods that are merely odd are nobody's trouble.
        PodFault[] harmful = [.. scene.Faults.Where(f => f.Kind != PodFaultKind.Odd)];
        if (harmful.Length >= 2)
        {
            if (NodeOf(harmful, scene.Pods) is { } node)
                return report with { Cause = CommonCause.Node, Node = node, Evidence = $"all {harmful.Length} pods on {node} are faulty and none elsewhere" };
            if (IsRelease(harmful, scene, options)) return report with { Cause = CommonCause.Release, Evidence = $"the {harmful.Length} faulty pods are new, the older ones are not faulty" };
        }

        if (harmful.Length >= 2 && harmful.Length > PodOutlierDetector.LargestShare * scene.Pods.Count || harmful.Length > 0 && harmful.Length == scene.Pods.Count)
            return Shared(report, scene, options, $"{harmful.Length} of {scene.Pods.Count} pods are faulty");
        if (scene.ManyApart && harmful.Length > 0) return Shared(report, scene, options, "many pods are unlike each other at once");
        if (scene.BreachedSteps < options.BreachedSteps || harmful.Length > 0) return report.IsHealthy ? HealthReport.Healthy : report;
        return scene.Observation.Utilization >= busyUtilization
            ? report with { Cause = CommonCause.Overload, Evidence = string.Create(CultureInfo.InvariantCulture, $"utilization is {scene.Observation.Utilization:0%}") }
            : Shared(report, scene, options, "the objective is missed though no pod stands out and none is overloaded");
    }

    /// <summary>A trouble of most pods: of their release when most are new, else of what they depend on.</summary>
    private static HealthReport Shared(HealthReport report, Scene scene, HealthOptions options, string evidence)
    {
        var young = scene.Pods.Count(p => IsYoung(p.Status, scene.Observation.Time, options));
        return report with { Cause = 2 * young > scene.Pods.Count ? CommonCause.Release : CommonCause.Dependency, Evidence = evidence };
    }

    private static string? NodeOf(PodFault[] faults, List<PodLog> pods)
    {
        if (faults[0].Node is not { } node || faults.Any(f => f.Node != node)) return null;
        return pods.Count(p => p.Status.Node == node) == faults.Length && pods.Count > faults.Length ? node : null;
    }

    /// <summary>Whether the faulty pods are the young ones, and every older pod is sound.</summary>
    private static bool IsRelease(PodFault[] faults, Scene scene, HealthOptions options)
    {
        var time = scene.Observation.Time;
        return faults.All(f => time - f.CreatedAt < options.ReleaseAge) && scene.Pods.Any(p => !IsYoung(p.Status, time, options));
    }

    private static bool IsYoung(PodStatus pod, DateTimeOffset time, HealthOptions options) => time - pod.CreatedAt < options.ReleaseAge;
}
