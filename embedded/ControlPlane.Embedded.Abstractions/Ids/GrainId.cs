using System.Diagnostics.CodeAnalysis;

namespace Orleans.Runtime;

/// <summary>The identity of a grain: its type and its key.</summary>
/// <param name="type">The grain's type.</param>
/// <param name="key">The grain's key.</param>
public readonly struct GrainId(GrainType type, IdSpan key) : IEquatable<GrainId>, IComparable<GrainId>
{
    /// <summary>The grain's type.</summary>
    public GrainType Type { get; } = type;

    /// <summary>The grain's key.</summary>
    public IdSpan Key { get; } = key;

    /// <summary>Whether nothing is named.</summary>
    public bool IsDefault => Type.IsDefault && Key.IsDefault;

    /// <summary>Compares two identities.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether they are the same.</returns>
    public static bool operator ==(GrainId left, GrainId right) => left.Equals(right);

    /// <summary>Compares two identities.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether they differ.</returns>
    public static bool operator !=(GrainId left, GrainId right) => !left.Equals(right);

    /// <summary>Makes an identity.</summary>
    /// <param name="type">The grain's type.</param>
    /// <param name="key">The grain's key; not empty.</param>
    /// <returns>The identity.</returns>
    public static GrainId Create(string type, string key) => Create(GrainType.Create(type), key);

    /// <summary>Makes an identity.</summary>
    /// <param name="type">The grain's type.</param>
    /// <param name="key">The grain's key; not empty.</param>
    /// <returns>The identity.</returns>
    public static GrainId Create(GrainType type, string key)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(key);
        return new GrainId(type, IdSpan.Create(key));
    }

    /// <summary>Reads <c>type/key</c>.</summary>
    /// <param name="value">The text.</param>
    /// <returns>The identity.</returns>
    /// <exception cref="FormatException">It is not of that form.</exception>
    public static GrainId Parse(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        var slash = value.IndexOf('/', StringComparison.Ordinal);
        return slash > 0 && slash < value.Length - 1
            ? Create(value[..slash], value[(slash + 1)..])
            : throw new FormatException($"Unable to parse \"{value}\" as a grain id");
    }

    /// <inheritdoc/>
    public bool Equals(GrainId other) => Key.Equals(other.Key) && Type.Equals(other.Type);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is GrainId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Type, Key);

    /// <inheritdoc/>
    public int CompareTo(GrainId other) => Type.CompareTo(other.Type) is var order and not 0 ? order : Key.CompareTo(other.Key);

    /// <inheritdoc/>
    public override string ToString() => $"{Type}/{Key}";
}
