using ControlPlane.Core.Forecasting.Network;

namespace ControlPlane.Core.Forecasting.Models;

/// <summary><see cref="NetworkForecaster"/>; an artifact gives its network.</summary>
internal sealed class NetworkModelKind : IModelKind
{
    private static readonly NetworkForecaster Example = new(TimeSpan.FromHours(1));

    public string Name => Example.Name;

    public string? OwnVersion => Example.Version;

    public IForecaster Create(TimeSpan step, ModelArtifact? artifact) =>
        new NetworkForecaster(step, artifact is null ? null : LoadNetworkWeights.Load(artifact.Payload.AsSpan()));

    public byte[] Save(IForecaster forecaster) => ((NetworkForecaster)forecaster).Save();

    public IForecaster Load(ReadOnlySpan<byte> bytes, TimeSpan step, ModelArtifact? artifact)
    {
        var forecaster = (NetworkForecaster)Create(step, artifact);
        forecaster.Load(bytes);
        return forecaster;
    }

    public double? Coverage(IForecaster forecaster, int steps, double quantile) => ((NetworkForecaster)forecaster).Coverage(steps, quantile);
}
