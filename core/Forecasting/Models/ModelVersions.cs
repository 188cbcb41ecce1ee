namespace ControlPlane.Core.Forecasting.Models;

/// <summary>Which version a training gets.</summary>
public static class ModelVersions
{
    /// <summary>
    /// The version after the newest of a name: trained versions begin at the first major number that the program's own do not use, and each training is
    /// the next minor one.
    /// </summary>
    public static ModelId Next(ModelRegistryState state, string name)
    {
        var (own, trained) = (default(SemanticVersion), default(SemanticVersion));
        foreach (var record in state.Versions.Where(v => v.Id.Name == name))
        {
            if (!SemanticVersion.TryParse(record.Id.Version, out var version)) continue;
            if (record.IsBuiltIn) own = Max(own, version);
            else trained = Max(trained, version);
        }
        var next = trained.Major > own.Major ? trained with { Minor = trained.Minor + 1, Patch = 0 } : new SemanticVersion(own.Major + 1, 0, 0);
        return ModelId.Of(name, next.ToString());
    }

    private static SemanticVersion Max(SemanticVersion a, SemanticVersion b) => a.CompareTo(b) >= 0 ? a : b;
}
