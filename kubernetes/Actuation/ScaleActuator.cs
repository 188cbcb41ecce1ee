using System.Globalization;
using ControlPlane.Core.Scaling;
using ControlPlane.Core.Workloads;

namespace ControlPlane.Kubernetes;

/// <summary>
/// Carries decisions out through the <c>/scale</c> subresource; see <see cref="IScaleActuator"/> for what it promises. Unlike everything
/// below it, it resumes on the caller's scheduler: the intent is stored in the caller's turn.
/// </summary>
public sealed class ScaleActuator : IScaleActuator
{
    private readonly IKubernetesClients _clients;
    private readonly ActuatorOptions _options;
    private readonly TimeProvider _time;
    private readonly Func<double> _jitter;
    private readonly AutoscalerGuard _autoscalers;
    private readonly WriteBudget _budget;
    private readonly ScaleEvents _events;

    /// <summary>Makes an actuator.</summary>
    /// <param name="clients">The API clients.</param>
    /// <param name="options">Bounds; null: the defaults.</param>
    /// <param name="sentence">Why a decision is what it is, for the Event; null: replicas and reason code.</param>
    /// <param name="time">The clock.</param>
    /// <param name="jitter">Random numbers within [0, 1) for the waits.</param>
    public ScaleActuator(
        IKubernetesClients clients, ActuatorOptions? options, Func<ScalingDecision, string>? sentence, TimeProvider time, Func<double> jitter)
    {
        (_clients, _options, _time, _jitter) = (clients, options ?? new ActuatorOptions(), time, jitter);
        _autoscalers = new AutoscalerGuard(_options.AutoscalerMaxAge, time);
        _budget = new WriteBudget(_options, time);
        _events = new ScaleEvents(sentence ?? DefaultSentence, _options, time);
    }

    /// <inheritdoc/>
    public async Task<ActuationResult> ApplyAsync(
        WorkloadSpec spec, ScalingDecision decision, Func<ScaleIntent, Task> beforeWrite, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(decision);
        ArgumentNullException.ThrowIfNull(beforeWrite);
        var answer = new ActuationAnswer(decision, _time);
        if (!decision.IsActionable || decision.Action == ScalingAction.Hold || decision.DesiredReplicas is not { } desired)
            return answer.Skipped(null);
        if (desired < 0 || decision.Workload != spec.Id)
            return answer.Failed(null, $"the decision asks for {desired} replicas of {decision.Workload}, the specification is of {spec.Id}");
        if (FindClient(spec.Id.Cluster, answer, out var unknown) is not { } client) return unknown!;

        var write = new ScaleWrite(client, spec, decision, desired, answer, _options, _time, _jitter);
        if (await write.ReadFirstAsync(cancellationToken) is { } end) return end;
        if (await CheckAutoscalersAsync(client, spec, answer, write.From, cancellationToken) is { } denied) return denied;
        if (!_budget.TryTake(spec.Id, out var wait, out var bucket))
            return answer.Failed(write.From, $"too many writes: the {bucket}'s budget is used up", wait);

        var result = await write.RunAsync(beforeWrite, cancellationToken);
        if (result.Outcome == ActuationOutcome.Applied) await _events.TryRecordAsync(client, spec, decision, write.Seen);
        return result;
    }

    private KubernetesClient? FindClient(string cluster, ActuationAnswer answer, out ActuationResult? failed)
    {
        try
        {
            failed = null;
            return _clients.Get(cluster);
        }
        catch (KubernetesException e)
        {
            failed = answer.From(e, null);
            return null;
        }
    }

    private async Task<ActuationResult?> CheckAutoscalersAsync(
        KubernetesClient client, WorkloadSpec spec, ActuationAnswer answer, int seen, CancellationToken cancellationToken)
    {
        try
        {
            var found = await _autoscalers.FindAsync(client, spec, cancellationToken);
            return found is null
                ? null
                : answer.Denied(seen, $"the HorizontalPodAutoscaler {found} in namespace {spec.Id.Namespace} controls {spec.Id.Kind} {spec.Id.Name} too: delete it, or set the policy's mode to Recommend");
        }
        catch (KubernetesException e)
        {
            return answer.From(e, seen);
        }
    }

    private static string DefaultSentence(ScalingDecision decision) =>
        string.Create(CultureInfo.InvariantCulture, $"scaled {decision.CurrentReplicas} → {decision.DesiredReplicas}: {decision.Reason}");
}
