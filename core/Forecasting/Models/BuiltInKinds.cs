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

/// <summary><see cref="HoltWintersForecaster"/>; an artifact gives its parameters.</summary>
internal sealed class HoltWintersModelKind : IModelKind
{
    private static readonly HoltWintersForecaster Example = new(TimeSpan.FromHours(1));

    public string Name => Example.Name;

    public string? OwnVersion => Example.Version;

    public IForecaster Create(TimeSpan step, ModelArtifact? artifact) => new HoltWintersForecaster(step, artifact is null ? null : HoltWintersParameters.Read(artifact));

    public byte[] Save(IForecaster forecaster) => ((HoltWintersForecaster)forecaster).Save();

    public IForecaster Load(ReadOnlySpan<byte> bytes, TimeSpan step, ModelArtifact? artifact)
    {
        var forecaster = (HoltWintersForecaster)Create(step, artifact);
        forecaster.Load(bytes);
        return forecaster;
    }

    public double? Coverage(IForecaster forecaster, int steps, double quantile) => ((HoltWintersForecaster)forecaster).Coverage(steps, quantile);
}

/// <summary><see cref="SeasonalNaiveForecaster"/>: nothing to train.</summary>
internal sealed class SeasonalNaiveModelKind : IModelKind
{
    private static readonly SeasonalNaiveForecaster Example = new(TimeSpan.FromHours(1));

    public string Name => Example.Name;

    public string? OwnVersion => Example.Version;

    public IForecaster Create(TimeSpan step, ModelArtifact? artifact) => artifact is null
        ? new SeasonalNaiveForecaster(step)
        : throw new InvalidDataException($"The model '{Name}' has no artifacts: it has no parameters.");

    public byte[] Save(IForecaster forecaster) => ((SeasonalNaiveForecaster)forecaster).Save();

    public IForecaster Load(ReadOnlySpan<byte> bytes, TimeSpan step, ModelArtifact? artifact)
    {
        var forecaster = (SeasonalNaiveForecaster)Create(step, artifact);
        forecaster.Load(bytes);
        return forecaster;
    }

    public double? Coverage(IForecaster forecaster, int steps, double quantile) => ((SeasonalNaiveForecaster)forecaster).Coverage(steps, quantile);
}
