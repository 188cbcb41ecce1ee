namespace ControlPlane.Client;

/// <summary>Anomalies of services.</summary>
public sealed partial class ControlPlaneClient
{
    /// <summary>What is unusual about a service.</summary>
    /// <exception cref="ControlPlaneException">Refused, unknown or unreachable.</exception>
    public Task<ServiceAnomalies> GetAnomaliesAsync(string id, CancellationToken cancellationToken = default) =>
        GetAsync<ServiceAnomalies>($"api/v1/anomalies/{id}", cancellationToken);

    /// <summary>Says whether an anomaly was real, which moves the threshold of the detector that found it; when the call returns it is stored.</summary>
    /// <param name="id">The service.</param>
    /// <param name="anomaly">The anomaly's id.</param>
    /// <param name="isReal">Whether it was real.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="ControlPlaneException">Refused, unknown, not kept any more, or unreachable.</exception>
    public async Task<SignalAnomaly> LabelAnomalyAsync(string id, string anomaly, bool isReal, CancellationToken cancellationToken = default)
    {
        using var response = await SendCoreAsync(HttpMethod.Post, $"api/v1/anomalies/{id}/{Uri.EscapeDataString(anomaly)}/{(isReal ? "confirm" : "dismiss")}", null, cancellationToken).ConfigureAwait(false);
        return await ReadAsync<SignalAnomaly>(response, cancellationToken).ConfigureAwait(false);
    }
}
