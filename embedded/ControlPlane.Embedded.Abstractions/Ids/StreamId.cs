using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Orleans.Runtime;

/// <summary>The identity of a stream: a namespace (what is on it) and a key (whose it is).</summary>
public readonly struct StreamId : IEquatable<StreamId>, IComparable<StreamId>
{
    private readonly string? _namespace;
    private readonly string? _key;

    private StreamId(string? ns, string key)
    {
        _namespace = ns;
        _key = key;
    }

    /// <summary>The namespace as UTF-8; empty if there is none.</summary>
    public ReadOnlyMemory<byte> Namespace => Encoding.UTF8.GetBytes(_namespace ?? string.Empty);

    /// <summary>The key as UTF-8.</summary>
    public ReadOnlyMemory<byte> Key => Encoding.UTF8.GetBytes(KeyText);

    internal string? NamespaceText => _namespace;

    internal string KeyText => _key ?? string.Empty;

    /// <summary>Compares two identities.</summary>
    /// <param name="s1">One.</param>
    /// <param name="s2">The other.</param>
    /// <returns>Whether they are the same.</returns>
    public static bool operator ==(StreamId s1, StreamId s2) => s1.Equals(s2);

    /// <summary>Compares two identities.</summary>
    /// <param name="s1">One.</param>
    /// <param name="s2">The other.</param>
    /// <returns>Whether they differ.</returns>
    public static bool operator !=(StreamId s1, StreamId s2) => !s1.Equals(s2);

    /// <summary>Makes an identity.</summary>
    /// <param name="ns">The namespace; null for none.</param>
    /// <param name="key">The key.</param>
    /// <returns>The identity.</returns>
    public static StreamId Create(string? ns, string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new StreamId(ns, key);
    }

    /// <summary>The namespace as text.</summary>
    /// <returns>The namespace; null if there is none.</returns>
    public string? GetNamespace() => _namespace;

    /// <summary>The key as text.</summary>
    /// <returns>The key.</returns>
    public string GetKeyAsString() => KeyText;

    /// <inheritdoc/>
    public bool Equals(StreamId other) => string.Equals(_namespace, other._namespace, StringComparison.Ordinal)
        && string.Equals(_key, other._key, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is StreamId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_namespace, _key);

    /// <inheritdoc/>
    public int CompareTo(StreamId other) => string.CompareOrdinal(_namespace, other._namespace) is var order and not 0
        ? order
        : string.CompareOrdinal(_key, other._key);

    /// <inheritdoc/>
    public override string ToString() => $"{_namespace ?? "null"}/{_key}";
}
