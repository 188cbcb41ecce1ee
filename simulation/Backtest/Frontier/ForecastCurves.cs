using ControlPlane.Core.Forecasting;
using ControlPlane.Core.Forecasting.LeadTime;
using ControlPlane.Core.Scaling;

namespace ControlPlane.Simulation.Backtest.Frontier;

/// <summary>
/// What the forecasts of a whole demand say, each of the worst step until a pod ordered then is ready. They are made once: a sweep adds prices while it goes on.
/// </summary>
internal sealed class ForecastCurves
{
    private readonly float[] _demands;
    private readonly bool[] _isUsable;

    private ForecastCurves(int steps)
    {
        _demands = new float[steps * Levels.Length];
        _isUsable = new bool[steps];
    }

    /// <summary>The quantiles' levels.</summary>
    public static ReadOnlySpan<float> Levels => LeadTimeSettings.Quantiles.AsSpan();

    /// <summary>Forecasts a demand, at each step from what was seen until the step before.</summary>
    /// <param name="service">The service.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public static ForecastCurves Of(FrontierService service, CancellationToken cancellationToken = default)
    {
        var forecaster = new LeadTimeForecaster(service.Step, service.StartupSteps);
        var curves = new ForecastCurves(service.Demand.Length);
        var rows = new float[(service.StartupSteps + 1) * Levels.Length];
        var room = new float[RiskCurve.Room(Levels.Length)];
        for (var t = 1; t < service.Demand.Length; t++)
        {
            if (t % 4096 == 0) cancellationToken.ThrowIfCancellationRequested();
            var seen = service.Demand[t - 1];
            forecaster.Update(FrontierService.Start + t * service.Step, double.IsNaN(seen) ? null : seen);
            curves._isUsable[t] = !double.IsNaN(seen) && forecaster.Forecast(service.StartupSteps + 1, Levels, rows) == ForecastStatus.Ready;
            if (!curves._isUsable[t]) continue;
            RiskCurve.Of(Levels, rows, 1, service.StartupSteps + 1, room);
            room.AsSpan(0, Levels.Length).CopyTo(curves._demands.AsSpan(t * Levels.Length));
        }

        return curves;
    }

    /// <summary>Pods' worth of demand at <see cref="Levels"/>; empty where there was no forecast.</summary>
    public ReadOnlySpan<float> At(int t) => _isUsable[t] ? _demands.AsSpan(t * Levels.Length, Levels.Length) : [];
}
