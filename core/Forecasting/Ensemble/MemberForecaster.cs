namespace ControlPlane.Core.Forecasting.Ensemble;

/// <summary>One member of <see cref="MemberSet"/> on its own, with quantiles from its own errors.</summary>
internal sealed class MemberForecaster : IForecaster
{
    private readonly ForecastEngine _engine;

    public MemberForecaster(TimeSpan step, int index)
    {
        Name = MemberSet.Names[index];
        _engine = new ForecastEngine(step, () => new CoarseHorizons(step, [MemberSet.Create(step)[index]]));
    }

    public string Name { get; }

    public string Version => "0.2.0";

    public ForecastStatus Status => _engine.Status;

    public void Fit(DateTimeOffset firstTime, ReadOnlySpan<double?> history)
    {
        for (var i = 0; i < history.Length; i++) Update(firstTime + i * _engine.Step, history[i]);
    }

    public UpdateOutcome Update(DateTimeOffset time, double? value) => _engine.Update(time, value);

    public ForecastStatus Forecast(int horizon, ReadOnlySpan<float> quantiles, Span<float> values) =>
        _engine.Forecast(horizon, quantiles, values, DateTimeOffset.MinValue, out _);
}
