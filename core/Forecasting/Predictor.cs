using ControlPlane.Core.Metrics;

namespace ControlPlane.Core.Forecasting;

/// <summary>One step of prediction: learn from the observation, answer with a forecast. The grain and the backtest both call it.</summary>
public static class Predictor
{
    /// <summary>Updates the forecaster and issues the forecast for the steps after the observation.</summary>
    /// <param name="forecaster">The workload's forecaster; changed.</param>
    /// <param name="observation">The newest step.</param>
    /// <param name="horizon">Steps to look ahead.</param>
    public static Forecast Step(DemandForecaster forecaster, Observation observation, int horizon)
    {
        forecaster.Update(observation.Time, observation.FilteredDemand);
        return forecaster.Issue(observation.Workload, observation.Time, observation.Step, horizon, ForecastSettings.Quantiles);
    }

    /// <summary>The answer of a model that failed.</summary>
    public static Forecast Failed(DemandForecaster forecaster, Observation observation) => new()
    {
        Workload = observation.Workload,
        IssuedAt = observation.Time,
        Step = observation.Step,
        Status = ForecastStatus.Failed,
        Model = forecaster.Name,
        ModelVersion = forecaster.Version,
    };
}
