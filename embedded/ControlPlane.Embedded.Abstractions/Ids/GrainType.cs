using System.Diagnostics.CodeAnalysis;

namespace Orleans.Runtime;

/// <summary>The name of a kind of grains.</summary>
public readonly struct GrainType : IEquatable<GrainType>, IComparable<GrainType>
{
    private readonly string? _value;

    private GrainType(string value) => _value = value;

    /// <summary>Whether nothing is named.</summary>
    public bool IsDefault => string.IsNullOrEmpty(_value);

    /// <summary>Compares two values.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether they are the same.</returns>
    public static bool operator ==(GrainType left, GrainType right) => left.Equals(right);

    /// <summary>Compares two values.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>Whether they differ.</returns>
    public static bool operator !=(GrainType left, GrainType right) => !left.Equals(right);

    /// <summary>Makes a value of a text.</summary>
    /// <param name="value">The text.</param>
    /// <returns>The value.</returns>
    public static GrainType Create(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return new GrainType(value);
    }

    /// <inheritdoc/>
    public bool Equals(GrainType other) => string.Equals(_value, other._value, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is GrainType other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _value?.GetHashCode(StringComparison.Ordinal) ?? 0;

    /// <inheritdoc/>
    public int CompareTo(GrainType other) => string.CompareOrdinal(_value, other._value);

    /// <inheritdoc/>
    public override string ToString() => _value ?? string.Empty;
}
