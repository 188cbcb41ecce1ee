using ControlPlane.Core.Forecasting;
using ControlPlane.Core.Forecasting.LeadTime;

namespace ControlPlane.Simulation.Backtest.Frontier;

/// <summary>Forecasts a whole demand, at each step from what was seen until the step before.</summary>
internal static class ForecastWalk
{
    /// <summary>The quantiles' levels.</summary>
    public static ReadOnlySpan<float> Levels => LeadTimeSettings.Quantiles.AsSpan();

    /// <summary>Entries of a forecast: a row of quantiles for each step until a pod ordered then is ready.</summary>
    public static int Cells(FrontierService service) => (service.StartupSteps + 1) * Levels.Length;

    /// <summary>Goes through a demand.</summary>
    /// <param name="service">The service.</param>
    /// <param name="each">
    /// Is told the step, whether there is a forecast, and its demands, row-major <c>[step, level]</c>, in pods; they are overwritten at the next step, and mean nothing where there is none.
    /// </param>
    /// <param name="cancellationToken">Ends the run.</param>
    public static void Run(FrontierService service, Action<int, bool, float[]> each, CancellationToken cancellationToken)
    {
        var forecaster = new LeadTimeForecaster(service.Step, service.StartupSteps);
        var rows = new float[Cells(service)];
        for (var t = 1; t < service.Demand.Length; t++)
        {
            if (t % 4096 == 0) cancellationToken.ThrowIfCancellationRequested();
            var seen = service.Demand[t - 1];
            var isKnown = !double.IsNaN(seen);
            forecaster.Update(FrontierService.Start + t * service.Step, isKnown ? seen : null);
            each(t, isKnown && forecaster.Forecast(service.StartupSteps + 1, Levels, rows) == ForecastStatus.Ready, rows);
        }
    }
}
