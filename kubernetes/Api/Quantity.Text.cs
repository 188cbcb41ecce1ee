using System.Globalization;
using System.Numerics;

namespace ControlPlane.Kubernetes.Api;

public readonly partial struct Quantity
{
    private const int MaxTextLength = 64;
    private const int NanoExponent = 9;
    private static readonly string[] DecimalSuffixes = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"];
    private static readonly string[] BinarySuffixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

    /// <summary>Parses a quantity.</summary>
    /// <exception cref="FormatException">The text is not a quantity.</exception>
    public static Quantity Parse(string text) =>
        TryParse(text, out var quantity)
            ? quantity
            : throw new FormatException($"'{text}' is not a quantity: expected a number with an optional suffix n u m k M G T P E, Ki Mi Gi Ti Pi Ei or an exponent such as e3.");

    /// <summary>Parses a quantity; false when the text is not one.</summary>
    public static bool TryParse(string? text, out Quantity quantity)
    {
        quantity = default;
        if (text is not { Length: > 0 and <= MaxTextLength }) return false;
        var span = text.AsSpan();
        var negative = span[0] == '-';
        if (span[0] is '-' or '+') span = span[1..];
        if (!TryReadDigits(ref span, out var mantissa, out var scale) || !TryReadSuffix(span, out var exponent, out var shift, out var format)) return false;
        var nanos = Scale(mantissa << shift, exponent - scale + NanoExponent);
        var capped = BigInteger.Min(nanos, (BigInteger)Cap);
        quantity = new Quantity((Int128)(negative ? -capped : capped), format);
        return true;
    }

    /// <summary>The canonical text: no fraction, the largest suffix that keeps the value exact, as Kubernetes writes it.</summary>
    public override string ToString()
    {
        if (_nanos == 0) return "0";
        var isBinary = Format == QuantityFormat.BinarySI && Int128.Abs(_nanos) >= (Int128)1024 * NanosPerUnit && _nanos % NanosPerUnit == 0;
        return isBinary ? BinaryText() : DecimalText();
    }

    private string BinaryText()
    {
        var value = _nanos / NanosPerUnit;
        var suffix = 0;
        for (; suffix < BinarySuffixes.Length - 1 && value % 1024 == 0; suffix++) value /= 1024;
        return value.ToString(CultureInfo.InvariantCulture) + BinarySuffixes[suffix];
    }

    private string DecimalText()
    {
        var value = _nanos;
        var suffix = 0;
        for (; suffix < DecimalSuffixes.Length - 1 && value % 1000 == 0; suffix++) value /= 1000;
        var number = value.ToString(CultureInfo.InvariantCulture);
        var exponent = suffix * 3 - NanoExponent;
        return Format != QuantityFormat.DecimalExponent ? number + DecimalSuffixes[suffix]
            : exponent == 0 ? number
            : string.Create(CultureInfo.InvariantCulture, $"{number}e{exponent}");
    }

    private static bool TryReadDigits(ref ReadOnlySpan<char> text, out BigInteger mantissa, out int scale)
    {
        (mantissa, scale) = (BigInteger.Zero, 0);
        var (any, fraction, at) = (false, false, 0);
        for (; at < text.Length; at++)
        {
            if (text[at] == '.' && !fraction)
            {
                fraction = true;
                continue;
            }

            if (!char.IsAsciiDigit(text[at])) break;
            any = true;
            mantissa = mantissa * 10 + (text[at] - '0');
            if (fraction) scale++;
        }

        text = text[at..];
        return any;
    }

    private static bool TryReadSuffix(ReadOnlySpan<char> text, out int exponent, out int shift, out QuantityFormat format)
    {
        (exponent, shift, format) = (0, 0, QuantityFormat.DecimalSI);
        for (var i = 0; i < DecimalSuffixes.Length; i++)
        {
            if (!text.SequenceEqual(DecimalSuffixes[i])) continue;
            exponent = i * 3 - NanoExponent;
            return true;
        }

        for (var i = 1; i < BinarySuffixes.Length; i++)
        {
            if (!text.SequenceEqual(BinarySuffixes[i])) continue;
            (shift, format) = (i * 10, QuantityFormat.BinarySI);
            return true;
        }

        format = QuantityFormat.DecimalExponent;
        return text.Length is > 1 and <= 4 && text[0] is 'e' or 'E'
            && int.TryParse(text[1..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out exponent);
    }

    private static BigInteger Scale(BigInteger value, int exponent)
    {
        if (exponent >= 0) return value * BigInteger.Pow(10, exponent);
        var quotient = BigInteger.DivRem(value, BigInteger.Pow(10, -exponent), out var remainder);
        return remainder.IsZero ? quotient : quotient + 1;
    }
}
