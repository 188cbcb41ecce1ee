using ControlPlane.Core.Forecasting;
using ControlPlane.Core.Forecasting.Models;
using ControlPlane.Core.Metrics;
using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling;

namespace ControlPlane.Benchmarks.Pipeline;

/// <summary>The same functions on the same readings in a plain loop on one thread: what the science costs without grains.</summary>
internal sealed class PlainPipeline
{
    private readonly Fleet _fleet;
    private readonly Service[] _services;
    private readonly PolicyDocument _policy = Fleet.Policy with { Version = 1, Scope = Fleet.Cluster };
    private DateTimeOffset _now = PipelineHost.Start;
    private long _sequence;

    public PlainPipeline(int services)
    {
        _fleet = new Fleet(services, TimeProvider.System);
        var catalog = ForecasterCatalog.OfProgram();
        var model = WarmModel.Train(PipelineHost.Start);
        _services = [.. Enumerable.Range(0, services).Select(_ => new Service(catalog.Load(model, null)))];
    }

    public void Step()
    {
        _now += PolicyDocument.DefaultStep;
        _sequence++;
        for (var i = 0; i < _services.Length; i++) Step(i, _services[i]);
    }

    private void Step(int index, Service service)
    {
        var observation = Observer.Step(service.Builder, _fleet.Specs[index].Id, _now, _policy, _fleet.Read(index, _now));
        service.Window.Add(observation.Time, observation.Demand);
        var leadSteps = DecisionPipeline.LeadSteps(observation, _policy);
        service.Model.Follow(leadSteps);
        var forecast = service.Model.Step(observation, ForecastSettings.HorizonSteps(_policy, leadSteps));
        var input = DecisionInput.Of(observation, forecast, _policy, 1, _sequence);
        var (state, decision) = DecisionPipeline.Decide(service.State, input);
        service.State = state;
        if (decision.Action == ScalingAction.Hold) return;
        _fleet.Set(index, decision.DesiredReplicas!.Value);
        service.State = DecisionPipeline.Confirm(state, decision, _policy.Behavior);
    }

    private sealed class Service(ServedModel model)
    {
        public ObservationBuilder Builder { get; } = new();

        public MetricWindow Window { get; } = new(PolicyDocument.DefaultStep);

        public ServedModel Model { get; } = model;

        public DecisionState State { get; set; } = DecisionState.Empty;
    }
}
