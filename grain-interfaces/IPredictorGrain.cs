using ControlPlane.Core.Anomalies.Watch;
using ControlPlane.Core.Forecasting;
using Orleans.Concurrency;

namespace ControlPlane.GrainInterfaces;

/// <summary>The models of one workload, and the watch over its signals. Key: the workload id.</summary>
[Alias("cp.IPredictorGrain")]
public interface IPredictorGrain : IGrainWithStringKey
{
    /// <summary>The newest forecast; null before the first observation.</summary>
    [Alias("GetForecast"), AlwaysInterleave]
    Task<Forecast?> GetForecast();

    /// <summary>What the watch over the signals knows: its detectors and the newest anomalies.</summary>
    [Alias("GetAnomalies"), AlwaysInterleave]
    Task<WatchOverview> GetAnomalies();

    /// <summary>Takes over what an operator says of an anomaly, and stores it.</summary>
    /// <param name="anomaly">Its id.</param>
    /// <param name="isReal">Whether it was real.</param>
    /// <returns>The anomaly; null when it is not kept.</returns>
    [Alias("LabelAnomaly")]
    Task<WatchedAnomaly?> LabelAnomaly(string anomaly, bool isReal);
}
