using ControlPlane.Core.Scaling;
using ControlPlane.GrainInterfaces;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace ControlPlane.Benchmarks.Pipeline;

public interface IDecisionSinkGrain : IGrainWithStringKey;

/// <summary>Stands beside the actuator on the stream of decisions and counts them; what it costs counts against the control plane.</summary>
[GrainType("benchmark-decision-sink")]
[ImplicitStreamSubscription(StreamNames.Decisions)]
public sealed class DecisionSinkGrain : Grain, IDecisionSinkGrain, IStreamSubscriptionObserver
{
    /// <summary>Told of every decision.</summary>
    internal static StepMeter? Meter { get; set; }

    public Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => handleFactory.Create<ScalingDecision>().ResumeAsync((_, _) =>
    {
        Meter!.Decided();
        return Task.CompletedTask;
    });
}
