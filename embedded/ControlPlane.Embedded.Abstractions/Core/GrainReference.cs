namespace Orleans.Runtime;

/// <summary>A reference to a grain; the engine's proxies derive from it.</summary>
public abstract class GrainReference : IAddressable, IEquatable<GrainReference>
{
    internal GrainReference(GrainId grainId) => GrainId = grainId;

    /// <summary>The identity of the grain.</summary>
    public GrainId GrainId { get; }

    /// <inheritdoc/>
    public bool Equals(GrainReference? other) => other is not null && other.GrainId == GrainId;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as GrainReference);

    /// <inheritdoc/>
    public override int GetHashCode() => GrainId.GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => $"GrainReference:{GrainId}";
}
