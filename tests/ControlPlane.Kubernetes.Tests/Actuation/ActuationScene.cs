using ControlPlane.Core.Scaling;
using ControlPlane.Core.Workloads;
using ControlPlane.Kubernetes.Tests.Support;

namespace ControlPlane.Kubernetes.Tests.Actuation;

/// <summary>An actuator before a scale of 4 that decides for 7, with everything recorded.</summary>
internal sealed class ActuationScene
{
    private readonly Queue<Trouble> _putTroubles = new();
    private readonly Queue<Trouble> _getTroubles = new();

    public ActuationScene(ActuatorOptions? options = null, Func<Received, Trouble>? trouble = null)
    {
        Api = new FakeScaleApi(4, trouble ?? Next);
        Handler = new ScriptedHandler(Api.Answer);
        var client = new KubernetesClient(Handler, ScriptedHandler.Server, Time);
        Actuator = new ScaleActuator(new OneCluster(client), options, null, Time, () => 0.5);
    }

    public static WorkloadSpec Spec { get; } = new() { Id = WorkloadId.Parse("test/shop/deployment/web") };

    public ManualTimeProvider Time { get; } = new();

    public FakeScaleApi Api { get; }

    public ScriptedHandler Handler { get; }

    public ScaleActuator Actuator { get; }

    public List<ScaleIntent> Intents { get; } = [];

    public Func<ScaleIntent, Task>? BeforeWrite { get; set; }

    public Trouble EventTrouble { get; set; }

    public Trouble AutoscalerTrouble { get; set; }

    public int Puts => Api.PutVersions.Count;

    public static ScalingDecision Decision(int? current = 4, int? desired = 7, ScalingAction action = ScalingAction.ScaleUp, bool isActionable = true) => new()
    {
        Id = "test/shop/deployment/web@3.12",
        Workload = Spec.Id,
        Epoch = 3,
        Sequence = 12,
        Time = new DateTimeOffset(2026, 1, 5, 12, 0, 0, TimeSpan.Zero),
        CurrentReplicas = current,
        DesiredReplicas = desired,
        Action = action,
        Reason = ReasonCode.Reactive,
        PolicyVersion = 1,
        IsActionable = isActionable,
    };

    public ActuationScene OnPut(params Trouble[] troubles)
    {
        foreach (var trouble in troubles) _putTroubles.Enqueue(trouble);
        return this;
    }

    /// <summary>Trouble of the reads of the scale; the first is the one before the write.</summary>
    public ActuationScene OnGet(params Trouble[] troubles)
    {
        foreach (var trouble in troubles) _getTroubles.Enqueue(trouble);
        return this;
    }

    public ActuationResult Apply(ScalingDecision? decision = null, WorkloadSpec? spec = null) => Time.Run(() => Actuator.ApplyAsync(
        spec ?? Spec,
        decision ?? Decision(),
        intent =>
        {
            Intents.Add(intent);
            return BeforeWrite?.Invoke(intent) ?? Task.CompletedTask;
        },
        default));

    private Trouble Next(Received request)
    {
        if (request.Path.EndsWith("/events", StringComparison.Ordinal)) return EventTrouble;
        if (request.Path.EndsWith("/horizontalpodautoscalers", StringComparison.Ordinal)) return AutoscalerTrouble;
        return (request.Method == "PUT" ? _putTroubles : _getTroubles).TryDequeue(out var trouble) ? trouble : Trouble.None;
    }
}
