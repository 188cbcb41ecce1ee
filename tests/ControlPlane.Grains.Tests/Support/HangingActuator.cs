using ControlPlane.Core.Scaling;
using ControlPlane.Core.Workloads;
using ControlPlane.Kubernetes;

namespace ControlPlane.Grains.Tests.Support;

/// <summary>The real actuator, of which some calls hang when their intent is stored and their write is about to go out.</summary>
internal sealed class HangingActuator(IScaleActuator real, Func<ScalingDecision, bool> hangs) : IScaleActuator
{
    public Task<ActuationResult> ApplyAsync(WorkloadSpec spec, ScalingDecision decision, Func<ScaleIntent, Task> beforeWrite, CancellationToken cancellationToken) => real.ApplyAsync(
        spec,
        decision,
        async intent =>
        {
            await beforeWrite(intent);
            if (hangs(decision)) await new TaskCompletionSource().Task;
        },
        cancellationToken);
}
