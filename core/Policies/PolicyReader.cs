using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace ControlPlane.Core.Policies;

/// <summary>Reads a policy from YAML or JSON and reports every fault with its line.</summary>
public static class PolicyReader
{
    /// <summary>The policy, or every fault as <c>source:line: property: value and rule</c>.</summary>
    /// <param name="text">YAML; JSON is read as the subset of YAML that it is.</param>
    /// <param name="source">Name of the file for messages.</param>
    public static PolicyReadResult Read(string text, string source)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(text));
        }
        catch (YamlException e)
        {
            return PolicyReadResult.Failed($"{source}:{e.Start.Line}: not YAML: {e.InnerException?.Message ?? e.Message}");
        }
        if (stream.Documents.Count != 1) return PolicyReadResult.Failed($"{source}: expected one policy, found {stream.Documents.Count} documents");
        if (stream.Documents[0].RootNode is not YamlMappingNode root) return PolicyReadResult.Failed($"{source}:1: expected a mapping of policy properties");

        var section = new PolicySection(root, "", source);
        var policy = Document(section);
        var faults = section.Errors.ToList();
        if (faults.Count == 0) faults.AddRange(PolicyValidator.Validate(policy).Select(f => $"{section.Where(f.Path)}: {f.Path}: {f.Message}"));
        return faults.Count == 0 ? new PolicyReadResult { Policy = policy } : new PolicyReadResult { Errors = [.. faults] };
    }

    private static PolicyDocument Document(PolicySection s)
    {
        var d = new PolicyDocument();
        var policy = new PolicyDocument
        {
            Version = s.Integer("version", 0),
            Scope = s.Text("scope", d.Scope),
            Mode = s.Choice("mode", d.Mode),
            MinReplicas = s.Integer("minReplicas", d.MinReplicas),
            MaxReplicas = s.Integer("maxReplicas", d.MaxReplicas),
            Objective = s.Section("objective", Objective, d.Objective),
            Reactive = s.Section("reactive", Reactive, d.Reactive),
            Predictive = s.Section("predictive", Predictive, d.Predictive),
            Behavior = s.Section("behavior", Behavior, d.Behavior),
            PauseScaleUp = s.Flag("pauseScaleUp", false),
            PauseScaleDown = s.Flag("pauseScaleDown", false),
            Schedule = s.List("schedule", Window, d.Schedule),
            Step = s.Duration("step", d.Step),
            Healing = s.Section("healing", Healing, d.Healing),
        };
        s.RejectUnknown();
        return policy;
    }

    private static ObjectivePolicy Objective(PolicySection s)
    {
        var d = new ObjectivePolicy();
        return new ObjectivePolicy
        {
            Latency = s.Duration("latency", d.Latency),
            Percentile = s.Number("percentile", d.Percentile),
            RequestsPerSecondPerReplica = s.NumberOrNull("requestsPerSecondPerReplica"),
        };
    }

    private static ReactivePolicy Reactive(PolicySection s)
    {
        var d = new ReactivePolicy();
        return new ReactivePolicy
        {
            Metrics = s.List("metrics", Metric, d.Metrics),
            Tolerance = s.Number("tolerance", d.Tolerance),
            CpuInitializationPeriod = s.Duration("cpuInitializationPeriod", d.CpuInitializationPeriod),
            InitialReadinessDelay = s.Duration("initialReadinessDelay", d.InitialReadinessDelay),
        };
    }

    private static MetricTarget Metric(PolicySection s) => new()
    {
        Metric = s.RequiredText("metric"),
        Type = s.Choice("type", MetricTargetType.Utilization),
        Target = s.RequiredNumber("target"),
    };

    private static PredictivePolicy Predictive(PolicySection s)
    {
        var d = new PredictivePolicy();
        return new PredictivePolicy
        {
            Enabled = s.Flag("enabled", d.Enabled),
            Horizon = s.Duration("horizon", d.Horizon),
            LeadTime = s.Duration("leadTime", d.LeadTime),
            ViolationCost = s.Number("violationCost", d.ViolationCost),
            ChangeCost = s.Number("changeCost", d.ChangeCost),
        };
    }

    private static HealingPolicy Healing(PolicySection s)
    {
        var d = new HealingPolicy();
        return new HealingPolicy
        {
            Enabled = s.Flag("enabled", d.Enabled),
            MaxUnavailable = s.Number("maxUnavailable", d.MaxUnavailable),
            Cooldown = s.Duration("cooldown", d.Cooldown),
            EvictionsPerHour = s.Integer("evictionsPerHour", d.EvictionsPerHour),
            EvictionsPerDay = s.Integer("evictionsPerDay", d.EvictionsPerDay),
        };
    }

    private static BehaviorPolicy Behavior(PolicySection s)
    {
        var d = BehaviorPolicy.KubernetesDefault;
        return new BehaviorPolicy
        {
            ScaleUp = s.Section("scaleUp", inner => Rules(inner, d.ScaleUp), d.ScaleUp),
            ScaleDown = s.Section("scaleDown", inner => Rules(inner, d.ScaleDown), d.ScaleDown),
        };
    }

    private static ScalingRules Rules(PolicySection s, ScalingRules d) => new()
    {
        StabilizationWindow = s.Duration("stabilizationWindow", d.StabilizationWindow),
        Select = s.Choice("select", d.Select),
        Limits = s.List("limits", Limit, d.Limits),
        Tolerance = s.NumberOrNull("tolerance"),
    };

    private static RateLimit Limit(PolicySection s) => new()
    {
        Type = s.Choice("type", RateLimitType.Pods),
        Value = s.Integer("value", 0),
        Period = s.Duration("period", TimeSpan.Zero),
    };

    private static ScheduleWindow Window(PolicySection s) => new()
    {
        Days = s.Choices<DayOfWeek>("days"),
        From = s.TimeOfDay("from"),
        To = s.TimeOfDay("to"),
        MinReplicas = s.IntegerOrNull("minReplicas"),
        MaxReplicas = s.IntegerOrNull("maxReplicas"),
    };
}

/// <summary>A policy that was read, or why it was not.</summary>
public sealed record PolicyReadResult
{
    /// <summary>The policy; null when there are errors.</summary>
    public PolicyDocument? Policy { get; init; }

    /// <summary>Every fault, one line each.</summary>
    public ImmutableArray<string> Errors { get; init; } = [];

    internal static PolicyReadResult Failed(string error) => new() { Errors = [error] };
}
