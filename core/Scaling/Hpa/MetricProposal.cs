namespace ControlPlane.Core.Scaling.Hpa;

/// <summary>What one metric asks for.</summary>
public readonly record struct MetricProposal
{
    private MetricProposal(string metric, int? replicas, double? ratio, string? rule) =>
        (Metric, Replicas, Ratio, Rule) = (metric, replicas, ratio is { } known && double.IsFinite(known) ? ratio : null, rule);

    /// <summary>The metric.</summary>
    public string Metric { get; }

    /// <summary>Replicas that it asks for; null when it failed.</summary>
    public int? Replicas { get; }

    /// <summary>Usage ÷ target of the pods that count, before missing and unready pods are filled in; null when it failed
    /// or there are no replicas to divide by.</summary>
    public double? Ratio { get; }

    /// <summary>Why it holds the current replicas or failed, one of <see cref="HpaRules"/>; null when it asks for a change.</summary>
    public string? Rule { get; }

    /// <summary>Whether the metric could be evaluated.</summary>
    public bool Succeeded => Replicas.HasValue;

    /// <summary>The metric asks for a number of replicas.</summary>
    public static MetricProposal Ask(string metric, int replicas, double ratio) => new(metric, replicas, ratio, null);

    /// <summary>The metric leaves the current replicas as they are.</summary>
    public static MetricProposal Hold(string metric, int currentReplicas, double ratio, string rule) => new(metric, currentReplicas, ratio, rule);

    /// <summary>The metric failed.</summary>
    public static MetricProposal Fail(string metric, string rule) => new(metric, null, null, rule);
}
