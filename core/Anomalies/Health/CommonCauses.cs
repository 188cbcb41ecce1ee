using System.Collections.Immutable;
using System.Globalization;
using ControlPlane.Core.Anomalies.Pods;
using ControlPlane.Core.Metrics;

namespace ControlPlane.Core.Anomalies.Health;

/// <summary>Tells the trouble of a pod from one that pods have in common: their node, what they depend on, their release, their load.</summary>
internal static class CommonCauses
{
    /// <summary>Steps within which a pod that fails shows errors.</summary>
    private const int StepsToProve = 3;

    /// <summary>What a step showed.</summary>
    /// <param name="Observation">The workload's step.</param>
    /// <param name="Pods">Its pods.</param>
    /// <param name="Faults">Faults of single pods.</param>
    /// <param name="Early">Faults of pods that are too new to be judged alone.</param>
    /// <param name="ManyApart">Whether many pods are apart from the others at once.</param>
    /// <param name="BreachedSteps">Steps in a row that missed the objective.</param>
    /// <param name="IsShared">Whether most pods miss the objective, as far as their traffic is known: of a workload that tells none of its own the worst pod counts.</param>
    /// <param name="CalmSteps">Of those, steps in a row in which the pods were not busy.</param>
    /// <param name="Nodes">What is known of nodes.</param>
    public sealed record Scene(Observation Observation, List<PodLog> Pods, ImmutableArray<PodFault> Faults, ImmutableArray<PodFault> Early, bool ManyApart, int BreachedSteps, bool IsShared, int CalmSteps, NodeWatch Nodes);

    public static HealthReport Judge(Scene scene, HealthOptions options)
    {
        var report = new HealthReport { Faults = scene.Faults, BreachedSteps = scene.BreachedSteps };
        // Pods that are merely odd are nobody's trouble.
        PodFault[] harmful = [.. scene.Faults.Where(f => f.Kind != PodFaultKind.Odd)];
        if (harmful.Length > 0 && harmful[0].Node is { } bad && scene.Nodes.IsBad(bad, scene.Observation.Time) && harmful.All(f => f.Node == bad))
            return report with { Cause = CommonCause.Node, Node = bad, Evidence = $"{bad} was in trouble a short time ago, and what came to it since is faulty too" };
        if (harmful.Length >= 2 && NodeOf(harmful, scene, options) is { } node)
            return report with { Cause = CommonCause.Node, Node = node, Evidence = $"all {harmful.Length} pods on {node} are faulty and none elsewhere" };
        PodFault[] all = scene.Early.IsEmpty ? harmful : [.. harmful, .. scene.Early];
        if (all.Length > 0 && IsRelease(all, scene, options))
            return report with { Faults = [.. scene.Faults, .. scene.Early], Cause = CommonCause.Release, Evidence = $"every new pod that can be judged ({all.Length}) is faulty from its start, the older ones are not" };

        if (harmful.Length >= 2 && harmful.Length > PodOutlierDetector.LargestShare * scene.Pods.Count || harmful.Length > 0 && harmful.Length == scene.Pods.Count)
            return Shared(report, scene, options, $"{harmful.Length} of {scene.Pods.Count} pods are faulty");
        if (scene.ManyApart && harmful.Length > 0) return Shared(report, scene, options, "many pods are unlike each other at once");
        if (scene.BreachedSteps < options.BreachedSteps || harmful.Length > 0) return report.IsHealthy ? HealthReport.Healthy : report;
        if (scene.CalmSteps < options.BreachedSteps)
            return report with { Cause = CommonCause.Overload, Evidence = string.Create(CultureInfo.InvariantCulture, $"utilization is {scene.Observation.Utilization:0%}") };
        return scene.IsShared ? Shared(report, scene, options, "the objective is missed though no pod stands out and none is overloaded") : report;
    }

    /// <summary>A trouble of most pods: of their release when most are new, else of what they depend on.</summary>
    private static HealthReport Shared(HealthReport report, Scene scene, HealthOptions options, string evidence)
    {
        var young = scene.Pods.Count(p => IsYoung(p.Status, scene.Observation.Time, options));
        return report with { Cause = 2 * young > scene.Pods.Count ? CommonCause.Release : CommonCause.Dependency, Evidence = evidence };
    }

    /// <summary>The node of which every pod that can be judged is faulty, while none is elsewhere.</summary>
    private static string? NodeOf(PodFault[] faults, Scene scene, HealthOptions options)
    {
        if (faults[0].Node is not { } node || faults.Any(f => f.Node != node)) return null;
        var (on, off) = (0, 0);
        foreach (var pod in scene.Pods)
        {
            if (pod.Status.Node != node) off++;
            else if (IsJudged(pod, scene.Observation.Time, options)) on++;
        }

        return on <= faults.Length && off > 0 ? node : null;
    }

    /// <summary>
    /// Whether several pods are new, every new one that can be judged is faulty and was from its start, and no older one is: what came with
    /// the new pods is the cause, and taking one away brings another like it.
    /// </summary>
    private static bool IsRelease(PodFault[] faults, Scene scene, HealthOptions options)
    {
        var time = scene.Observation.Time;
        var (young, sound) = (0, 0);
        foreach (var pod in scene.Pods)
        {
            if (!IsYoung(pod.Status, time, options)) continue;
            young++;
            if (pod.Harm <= 0 && IsProven(pod, faults, scene, options) && !faults.Any(f => f.Pod == pod.Status.Name)) sound++;
        }

        return young >= 2 && sound == 0 && scene.Pods.Count > young && faults.All(f => time - f.CreatedAt < options.ReleaseAge && IsBornFaulty(f, scene, options));
    }

    /// <summary>Whether a new pod without harm has served for so long that the others' faults would have shown on it: errors show at once.</summary>
    private static bool IsProven(PodLog pod, PodFault[] faults, Scene scene, HealthOptions options) =>
        IsJudged(pod, scene.Observation.Time, options)
        || pod.ReadySince is { } since && scene.Observation.Time - since >= StepsToProve * scene.Observation.Step && faults.All(f => f.Kind == PodFaultKind.Errors);

    /// <summary>Whether a pod was faulty as soon as it could be judged.</summary>
    private static bool IsBornFaulty(PodFault fault, Scene scene, HealthOptions options) =>
        scene.Pods.Find(p => p.Status.Name == fault.Pod) is not { ReadySince: { } ready } || fault.Since - ready <= options.WarmUp + 3 * scene.Observation.Step;

    /// <summary>Whether a pod has been ready long enough for its harm to have gathered, or was ready once and is not any more.</summary>
    private static bool IsJudged(PodLog pod, DateTimeOffset time, HealthOptions options) =>
        pod.UnreadySince is not null || pod.ReadySince is { } since && time - since >= 2 * options.WarmUp;

    private static bool IsYoung(PodStatus pod, DateTimeOffset time, HealthOptions options) => time - pod.CreatedAt < options.ReleaseAge;
}
