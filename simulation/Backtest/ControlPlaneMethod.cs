using ControlPlane.Core.Forecasting;
using ControlPlane.Core.Forecasting.Models;
using ControlPlane.Core.Learning;
using ControlPlane.Core.Metrics;
using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling;
using ControlPlane.Core.Workloads;
using ControlPlane.Simulation.Services;

namespace ControlPlane.Simulation.Backtest;

/// <summary>Our own method: the functions that the grains call, in a plain loop.</summary>
/// <param name="policy">The policy; it counts as Auto, and with an adviser as if it let it act unless it says otherwise.</param>
/// <param name="workload">The workload's name in records.</param>
/// <param name="adviser">Asked before every decision; null: there is none.</param>
/// <param name="model">Forecasts, and has seen nothing; null: the program's default at the policy's step.</param>
public sealed class ControlPlaneMethod(PolicyDocument policy, WorkloadId? workload = null, AdviserModel? adviser = null, ServedModel? model = null) : IScalingMethod
{
    /// <summary>The workload's name in records when none is given.</summary>
    public static readonly WorkloadId DefaultWorkload = WorkloadId.Parse("simulation/default/deployment/service");

    private readonly WorkloadId _workload = workload ?? DefaultWorkload;
    private readonly PolicyDocument _policy = policy with { Mode = PolicyMode.Auto, Adviser = policy.Adviser == AdviserMode.Off && adviser is not null ? AdviserMode.Act : policy.Adviser };
    private readonly ObservationBuilder _builder = new();
    private readonly ServedModel _model = model ?? ForecasterCatalog.OfProgram().CreateDefault(policy.Step);
    private DecisionState _memory = DecisionState.Empty;
    private long _sequence;

    /// <inheritdoc/>
    public string Name => BacktestOptions.Own;

    /// <inheritdoc/>
    public DecisionRecord? Record { get; private set; }

    /// <inheritdoc/>
    public int? Decide(SimulatedService service)
    {
        var reading = service.Read();
        var observation = Observer.Step(_builder, _workload, reading.Time, _policy, reading);
        var leadSteps = DecisionPipeline.LeadSteps(observation, _policy);
        _model.Follow(leadSteps);
        var forecast = _model.Step(observation, ForecastSettings.HorizonSteps(_policy, leadSteps));
        var input = DecisionInput.Of(observation, forecast, _policy, 1, ++_sequence);
        var before = _memory;
        if (adviser is not null) input = input with { Advice = adviser.Advise(before, input) };
        (_memory, var decision) = DecisionPipeline.Decide(before, input);
        Record = new DecisionRecord { Before = before, Input = input, Decision = decision };
        if (decision.Action == ScalingAction.Hold) return null;
        _memory = DecisionPipeline.Confirm(_memory, decision, _policy.Behavior);
        return decision.DesiredReplicas;
    }
}
