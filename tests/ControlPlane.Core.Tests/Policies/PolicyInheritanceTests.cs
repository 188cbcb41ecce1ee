using ControlPlane.Core.Policies;
using FsCheck.Fluent;

namespace ControlPlane.Core.Tests.Policies;

public sealed class PolicyInheritanceTests
{
    /// <summary>One line of text for every property, other than the default and sound together with any of the others.</summary>
    private static readonly (string Field, string Text)[] Lines =
    [
        ("mode", "mode: Auto"), ("minReplicas", "minReplicas: 2"), ("maxReplicas", "maxReplicas: 40"),
        ("objective.latency", "objective: { latency: 300ms }"), ("reactive.tolerance", "reactive: { tolerance: 0.05 }"),
        ("predictive.violationCost", "predictive: { violationCost: 500 }"), ("behavior.scaleDown.stabilizationWindow", "behavior: { scaleDown: { stabilizationWindow: 1m } }"),
        ("pauseScaleDown", "pauseScaleDown: true"), ("schedule", "schedule: [ { from: \"08:00\", to: \"18:00\", minReplicas: 3 } ]"),
        ("step", "step: 30s"), ("healing.enabled", "healing: { enabled: false }"), ("budget.replicaHours", "budget: { replicaHours: 5000 }"), ("breachLimit", "breachLimit: 60"), ("adviser", "adviser: Act"),
        ("scaleToZero.enabled", "scaleToZero: { enabled: true }"),
    ];

    [Fact]
    public void Merge_ThreeScopes_TheNarrowestThatWroteAPropertyHolds()
    {
        var cluster = Read("mode: Auto\nmaxReplicas: 30\nobjective: { latency: 300ms, percentile: 0.9 }", null);
        var space = Read("minReplicas: 3\nobjective: { percentile: 0.99 }", cluster.Policy);
        var service = Read("maxReplicas: 12\nobjective: { requestsPerSecondPerReplica: 7 }", space.Policy);

        var policy = service.Policy!;
        Assert.Equal((PolicyMode.Auto, 3, 12), (policy.Mode, policy.MinReplicas, policy.MaxReplicas));
        Assert.Equal(new ObjectivePolicy { Latency = TimeSpan.FromMilliseconds(300), Percentile = 0.99, RequestsPerSecondPerReplica = 7 }, policy.Objective);
        Assert.Equal(["maxReplicas", "objective.requestsPerSecondPerReplica"], service.Written.ToArray());
    }

    [Fact]
    public void Merge_ListOfTheNarrowScope_ReplacesTheWholeList()
    {
        var wide = Read("reactive: { metrics: [ { metric: cpu, target: 0.5 }, { metric: memory, target: 0.8 } ], tolerance: 0.2 }", null);
        var narrow = Read("reactive: { metrics: [ { metric: demand, type: AverageValue, target: 40 } ] }", wide.Policy);
        Assert.Equal(["demand"], narrow.Policy!.Reactive.Metrics.Select(m => m.Metric));
        Assert.Equal(0.2, narrow.Policy.Reactive.Tolerance);
    }

    [Fact]
    public void Merge_Null_TakesAwayWhatTheWideScopeSays()
    {
        var wide = Read("objective: { requestsPerSecondPerReplica: 7 }", null);
        Assert.Null(Read("objective: { requestsPerSecondPerReplica: null }", wide.Policy).Policy!.Objective.RequestsPerSecondPerReplica);
        Assert.Equal(7, Read("minReplicas: 2", wide.Policy).Policy!.Objective.RequestsPerSecondPerReplica);
    }

    [Fact]
    public void Read_RuleBrokenOnlyWithWhatIsInherited_IsNamedWhereItIsWritten()
    {
        var wide = Read("maxReplicas: 5", null);
        var result = PolicyReader.Read("mode: Auto\nminReplicas: 8", "svc.yaml", wide.Policy);
        Assert.Equal(["svc.yaml:2: maxReplicas: 5 is below minReplicas 8 (maxReplicas is inherited)"], result.Errors.ToArray());
    }

    [Fact]
    public void Merge_AnyTexts_IsReadingOneOnTopOfTheOther() => Prop.ForAll(Arb.From(Gen.Choose(0, (1 << Lines.Length) - 1)), Arb.From(Gen.Choose(0, (1 << Lines.Length) - 1)), (a, b) =>
    {
        var (wide, onTop, alone) = (Read(Text(a), null), default(PolicyReadResult), Read(Text(b), null));
        onTop = Read(Text(b), wide.Policy);
        var merged = PolicyInheritance.Merge(wide.Policy!, alone.Policy!, alone.Written);
        Assert.Equal(Json(onTop.Policy!), Json(merged));
        Assert.Equal(Lines.Where((_, i) => (b >> i & 1) == 1).Select(l => l.Field).ToHashSet(), [.. alone.Written]);
    }).Holds();

    [Fact]
    public void Fields_EveryOne_HasALineInTheTextOfAPolicy()
    {
        var text = PolicyText.ToYaml(Full with { Budget = Full.Budget! with { ReplicaHours = 1000 } }, field => $"<{field}>");
        Assert.All(PolicyInheritance.Fields, field => Assert.Contains($"# <{field}>", text, StringComparison.Ordinal));
    }

    [Fact]
    public void ToYaml_AnyPolicy_ReadsAsItself()
    {
        var read = PolicyReader.Read(PolicyText.ToYaml(Full), "p.yaml");
        Assert.Empty(read.Errors);
        Assert.Equal(Json(Full), Json(read.Policy!));
        Assert.Equal(PolicyInheritance.Fields.Where(f => f != "budget.replicaHours"), read.Written);
    }

    [Fact]
    public void Changes_TwoPolicies_NameWhatDiffers()
    {
        var changes = PolicyInheritance.Changes(new PolicyDocument(), new PolicyDocument { MaxReplicas = 12, Objective = new ObjectivePolicy { RequestsPerSecondPerReplica = 3 } });
        Assert.Equal(["maxReplicas 10 12", "objective.requestsPerSecondPerReplica  3"], changes.Select(c => $"{c.Field} {c.Before} {c.After}"));
    }

    private static PolicyDocument Full { get; } = new()
    {
        Scope = "prod",
        Mode = PolicyMode.Auto,
        MinReplicas = 2,
        Team = "payments",
        Teams = [new TeamBudget { Name = "payments", Budget = new BudgetPolicy { ReplicaHours = 900, PricePerReplicaHour = 0.5 } }, new TeamBudget { Name = "search", Budget = new BudgetPolicy { Money = 30, PricePerReplicaHour = 0.125 } }],
        Objective = new ObjectivePolicy { RequestsPerSecondPerReplica = 37.5 },
        Schedule = [new ScheduleWindow { Days = [DayOfWeek.Monday], From = new(8, 0), To = new(18, 30), MinReplicas = 3 }],
        Behavior = BehaviorPolicy.KubernetesDefault with
        {
            ScaleUp = BehaviorPolicy.KubernetesDefault.ScaleUp with { Tolerance = 0.25 },
            ScaleDown = BehaviorPolicy.KubernetesDefault.ScaleDown with { Tolerance = 0 },
        },
        Step = TimeSpan.FromMilliseconds(1500),
        BreachLimit = 50,
        Adviser = AdviserMode.Shadow,
        ScaleToZero = new ScaleToZeroPolicy { Enabled = true, Activation = 0.25 },
        Budget = new BudgetPolicy { Money = 100, PricePerReplicaHour = 0.05, Enforcement = BudgetEnforcement.Soft },
    };

    private static string Text(int lines) => lines == 0 ? "{}" : string.Join('\n', Lines.Where((_, i) => (lines >> i & 1) == 1).Select(l => l.Text));

    private static PolicyReadResult Read(string text, PolicyDocument? inherited)
    {
        var result = PolicyReader.Read(text, "p.yaml", inherited);
        Assert.Empty(result.Errors);
        return result;
    }

    private static string Json(PolicyDocument policy) => System.Text.Encoding.UTF8.GetString(CoreJson.ToBytes(policy));
}
