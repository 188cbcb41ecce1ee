namespace ControlPlane.Core.Metrics.Filters;

/// <summary>How many samples, labels and values each filter has passed or stopped since the start; for the metrics page.</summary>
/// <param name="Accepted">Samples that count.</param>
/// <param name="NotFinite">Samples without a finite value or a name.</param>
/// <param name="Future">Samples from the future.</param>
/// <param name="Late">Samples that came too late.</param>
/// <param name="Duplicate">Samples seen before.</param>
/// <param name="Overflow">Samples past the bound of a step.</param>
/// <param name="Outliers">Demands replaced for the models.</param>
public readonly record struct IntakeCounts(long Accepted, long NotFinite, long Future, long Late, long Duplicate, long Overflow, long Outliers)
{
    /// <summary>Samples seen in all.</summary>
    public long Seen => Accepted + NotFinite + Future + Late + Duplicate + Overflow;
}
