namespace ControlPlane.Core.Forecasting.Models;

/// <summary>One kind of model that this program can run: an entry of <see cref="ForecasterCatalog"/>. Stateless and thread-safe.</summary>
public interface IModelKind
{
    /// <summary>The models' name; part of every <see cref="ModelId"/> of the kind.</summary>
    string Name { get; }

    /// <summary>Version of the model that the program brings along; null when the kind needs an artifact.</summary>
    string? OwnVersion { get; }

    /// <summary>Name of the kind that does this one's work at a step. Default: its own.</summary>
    /// <param name="step">Length of a step, positive.</param>
    string NameAt(TimeSpan step) => Name;

    /// <summary>A forecaster that has seen nothing.</summary>
    /// <param name="step">Length of a step, positive.</param>
    /// <param name="artifact">The trained version; null: the program's own.</param>
    /// <exception cref="InvalidDataException">The artifact is not one of this kind, or is needed and missing.</exception>
    IForecaster Create(TimeSpan step, ModelArtifact? artifact);

    /// <summary>The byte form of what a forecaster of this kind has learnt since, without the artifact.</summary>
    byte[] Save(IForecaster forecaster);

    /// <summary>Restores what <see cref="Save"/> gave.</summary>
    /// <exception cref="InvalidDataException">The bytes or the artifact are not as they must be.</exception>
    IForecaster Load(ReadOnlySpan<byte> bytes, TimeSpan step, ModelArtifact? artifact);

    /// <summary>Share of recent demands that lay at or below a quantile that was predicted; null when it is not measured.</summary>
    double? Coverage(IForecaster forecaster, int steps, double quantile);
}
