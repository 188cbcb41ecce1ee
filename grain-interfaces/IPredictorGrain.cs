using ControlPlane.Core.Forecasting;
using Orleans.Concurrency;

namespace ControlPlane.GrainInterfaces;

/// <summary>The models of one workload. Key: the workload id.</summary>
[Alias("cp.IPredictorGrain")]
public interface IPredictorGrain : IGrainWithStringKey
{
    /// <summary>The newest forecast; null before the first observation.</summary>
    [Alias("GetForecast"), AlwaysInterleave]
    Task<Forecast?> GetForecast();
}
