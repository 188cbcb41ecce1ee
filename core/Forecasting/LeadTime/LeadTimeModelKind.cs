using ControlPlane.Core.Forecasting.Models;

namespace ControlPlane.Core.Forecasting.LeadTime;

/// <summary><see cref="LeadTimeForecaster"/> as a kind of model; it has no artifact and follows the start-up that it is told.</summary>
internal sealed class LeadTimeModelKind : IModelKind
{
    private const int LeadUntilTold = 1;
    private static readonly LeadTimeForecaster Example = new(TimeSpan.FromHours(1), LeadUntilTold);

    public string Name => Example.Name;

    public string? OwnVersion => Example.Version;

    public IForecaster Create(TimeSpan step, ModelArtifact? artifact) => artifact is null
        ? new LeadTimeForecaster(step, LeadUntilTold)
        : throw new InvalidDataException($"The model '{Name}' has no artifacts: it learns everything at work.");

    public byte[] Save(IForecaster forecaster) => ((LeadTimeForecaster)forecaster).Save();

    public IForecaster Load(ReadOnlySpan<byte> bytes, TimeSpan step, ModelArtifact? artifact)
    {
        var forecaster = LeadTimeForecaster.Load(bytes);
        return forecaster.Step == step ? forecaster : throw new InvalidDataException($"The state is of steps of {forecaster.Step}, not of {step}.");
    }

    public double? Coverage(IForecaster forecaster, int steps, double quantile) => null;
}
