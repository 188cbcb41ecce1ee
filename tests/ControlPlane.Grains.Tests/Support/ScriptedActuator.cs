using ControlPlane.Core.Scaling;
using ControlPlane.Core.Workloads;
using ControlPlane.Grains.Tests.Behaviour;
using ControlPlane.Kubernetes;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Grains.Tests.Support;

/// <summary>Keeps what it is asked for, stores the intent, and answers Applied without doing anything, or never.</summary>
internal sealed class ScriptedActuator : IScaleActuator
{
    public List<(WorkloadSpec Spec, ScalingDecision Decision)> Calls { get; } = [];

    /// <summary>Whether a call hangs after its intent is stored.</summary>
    public bool Hangs { get; set; }

    public static Action<IServiceCollection> Instead(ScriptedActuator actuator) => Scene.AroundActuator((_, _) => actuator);

    public async Task<ActuationResult> ApplyAsync(
        WorkloadSpec spec, ScalingDecision decision, Func<ScaleIntent, Task> beforeWrite, CancellationToken cancellationToken)
    {
        Calls.Add((spec, decision));
        await beforeWrite(new ScaleIntent(decision.Id, decision.Epoch, 1, decision.DesiredReplicas!.Value, "1"));
        if (Hangs) await new TaskCompletionSource().Task;
        return new ActuationResult { DecisionId = decision.Id, Workload = spec.Id, Time = decision.Time, Outcome = ActuationOutcome.Applied };
    }
}

/// <summary>Decisions that nobody made.</summary>
internal static class Forged
{
    /// <summary>One more replica, as if decided by another activation.</summary>
    public static ScalingDecision Up(ScalingDecision like, long sequence, long? epoch = null) => like with
    {
        Id = $"{like.Workload}@{epoch ?? like.Epoch}.{sequence}",
        Epoch = epoch ?? like.Epoch,
        Sequence = sequence,
        Action = ScalingAction.ScaleUp,
        DesiredReplicas = like.CurrentReplicas + 1,
        IsActionable = true,
    };
}
