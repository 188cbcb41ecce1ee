using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ControlPlane.Kubernetes.Api;

/// <summary>How a quantity was written, and so is written again.</summary>
public enum QuantityFormat
{
    /// <summary>Decimal suffixes: n u m (none) k M G T P E.</summary>
    DecimalSI,

    /// <summary>Binary suffixes: Ki Mi Gi Ti Pi Ei.</summary>
    BinarySI,

    /// <summary>An exponent: e3, E-6.</summary>
    DecimalExponent,
}

/// <summary>
/// A Kubernetes <c>resource.Quantity</c>: an exact number of billionths. As in Kubernetes, finer fractions are rounded up (away from
/// zero) and magnitudes beyond 2^63−1 are capped. Two quantities are equal when their values are.
/// </summary>
[JsonConverter(typeof(QuantityConverter))]
public readonly partial struct Quantity : IEquatable<Quantity>, IComparable<Quantity>
{
    private const long NanosPerUnit = 1_000_000_000;
    private const long NanosPerMilli = 1_000_000;
    private static readonly Int128 Cap = (Int128)long.MaxValue * NanosPerUnit;
    private readonly Int128 _nanos;

    private Quantity(Int128 nanos, QuantityFormat format) => (_nanos, Format) = (Int128.Clamp(nanos, -Cap, Cap), format);

    /// <summary>How it is written.</summary>
    public QuantityFormat Format { get; }

    /// <summary>Makes a quantity of whole units.</summary>
    public static Quantity FromUnits(long value, QuantityFormat format = QuantityFormat.DecimalSI) => new((Int128)value * NanosPerUnit, format);

    /// <summary>Makes a quantity of thousandths, for example CPU in millicores.</summary>
    public static Quantity FromMilli(long value) => new((Int128)value * NanosPerMilli, QuantityFormat.DecimalSI);

    /// <summary>Makes a quantity from a finite number, rounded up (away from zero) to thousandths.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not finite or beyond the range.</exception>
    public static Quantity FromDouble(double value)
    {
        if (!double.IsFinite(value) || Math.Abs(value) > 9e15) throw new ArgumentOutOfRangeException(nameof(value), value, "A quantity is made from a finite number of at most 9e15.");
        var milli = value * 1000;
        return FromMilli((long)(milli < 0 ? Math.Floor(milli) : Math.Ceiling(milli)));
    }

    /// <summary>Whole units, rounded up (away from zero), like Kubernetes' <c>Value()</c>.</summary>
    public long ToUnits() => (long)DivideUp(_nanos, NanosPerUnit);

    /// <summary>Thousandths, rounded up (away from zero) and capped at the range of a long, like Kubernetes' <c>MilliValue()</c>.</summary>
    public long ToMilli() => (long)Int128.Clamp(DivideUp(_nanos, NanosPerMilli), long.MinValue, long.MaxValue);

    /// <summary>The nearest double.</summary>
    public double ToDouble()
    {
        // Of two exactly representable numbers the quotient is rounded once: without their common zeros they mostly are (1632m = 1632 ÷ 1000).
        var (value, divisor) = (_nanos, NanosPerUnit);
        for (; divisor > 1 && value % 10 == 0; divisor /= 10) value /= 10;
        return (double)value / divisor;
    }

    /// <inheritdoc/>
    public int CompareTo(Quantity other) => _nanos.CompareTo(other._nanos);

    /// <inheritdoc/>
    public bool Equals(Quantity other) => _nanos == other._nanos;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Quantity other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _nanos.GetHashCode();

    /// <summary>Whether the values are equal.</summary>
    public static bool operator ==(Quantity left, Quantity right) => left.Equals(right);

    /// <summary>Whether the values differ.</summary>
    public static bool operator !=(Quantity left, Quantity right) => !left.Equals(right);

    /// <summary>The sum, in the left one's format, capped like any quantity.</summary>
    public static Quantity operator +(Quantity left, Quantity right) => new(left._nanos + right._nanos, left.Format);

    private static Int128 DivideUp(Int128 value, Int128 divisor)
    {
        var (quotient, remainder) = Int128.DivRem(value, divisor);
        return remainder == 0 ? quotient : quotient + Int128.Sign(value);
    }
}

/// <summary>Writes a quantity as its canonical text; reads a text or a number.</summary>
public sealed class QuantityConverter : JsonConverter<Quantity>
{
    /// <inheritdoc/>
    public override Quantity Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Number => reader.GetDouble().ToString("R", CultureInfo.InvariantCulture),
            _ => null,
        };
        return Quantity.TryParse(text, out var quantity) ? quantity : throw new JsonException($"'{text}' is not a quantity (a number with a suffix such as m, k, M, Ki, Mi).");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Quantity value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
