using ControlPlane.Core.Forecasting.Network;

namespace ControlPlane.Core.Forecasting.Models;

/// <summary><see cref="DemandForecaster"/>: the default; it has no artifact.</summary>
internal sealed class DemandModelKind : IModelKind
{
    private static readonly DemandForecaster Example = new(TimeSpan.FromHours(1));

    public string Name => Example.Name;

    public string? OwnVersion => Example.Version;

    public IForecaster Create(TimeSpan step, ModelArtifact? artifact) => artifact is null
        ? new DemandForecaster(step)
        : throw new InvalidDataException($"The model '{Name}' has no artifacts: it learns everything at work.");

    public byte[] Save(IForecaster forecaster) => ((DemandForecaster)forecaster).Save();

    public IForecaster Load(ReadOnlySpan<byte> bytes, TimeSpan step, ModelArtifact? artifact) => DemandForecaster.Load(bytes);

    public double? Coverage(IForecaster forecaster, int steps, double quantile) => ((DemandForecaster)forecaster).Coverage(steps, quantile);
}

/// <summary>A model that is one engine.</summary>
/// <param name="create">Makes one, from an artifact or, without, as the program brings it.</param>
internal sealed class EngineModelKind(Func<TimeSpan, ModelArtifact?, EngineForecaster> create) : IModelKind
{
    private readonly EngineForecaster _example = create(TimeSpan.FromHours(1), null);

    public string Name => _example.Name;

    public string? OwnVersion => _example.Version;

    public IForecaster Create(TimeSpan step, ModelArtifact? artifact) => create(step, artifact);

    public byte[] Save(IForecaster forecaster) => ((EngineForecaster)forecaster).Save();

    public IForecaster Load(ReadOnlySpan<byte> bytes, TimeSpan step, ModelArtifact? artifact)
    {
        var forecaster = create(step, artifact);
        forecaster.Load(bytes);
        return forecaster;
    }

    public double? Coverage(IForecaster forecaster, int steps, double quantile) => ((EngineForecaster)forecaster).Coverage(steps, quantile);

    /// <summary><see cref="NetworkForecaster"/>; an artifact gives its networks.</summary>
    public static EngineModelKind OfNetwork() =>
        new((step, artifact) => new NetworkForecaster(step, artifact is null ? null : CorrectionWeights.Load(artifact.Payload.AsSpan())));

    /// <summary><see cref="HoltWintersForecaster"/>; an artifact gives its parameters.</summary>
    public static EngineModelKind OfHoltWinters() =>
        new((step, artifact) => new HoltWintersForecaster(step, artifact is null ? null : HoltWintersParameters.Read(artifact)));

    /// <summary><see cref="SeasonalNaiveForecaster"/>: nothing to train.</summary>
    public static EngineModelKind OfSeasonalNaive() => new((step, artifact) => artifact is null
        ? new SeasonalNaiveForecaster(step)
        : throw new InvalidDataException($"The model '{artifact.Id.Name}' has no artifacts: it has no parameters."));
}
