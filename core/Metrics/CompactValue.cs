namespace ControlPlane.Core.Metrics;

/// <summary>
/// A value in 16 bits on a logarithmic scale: sign, 512 codes an octave from 2⁻²⁰ to 2⁴⁴ (about 1e-6 to 1.7e13). The relative error is
/// at most 0.07%; what is smaller becomes 0, what is larger becomes the largest. Missing is a code of its own.
/// </summary>
internal static class CompactValue
{
    public const ushort Missing = ushort.MaxValue;
    private const int CodesPerOctave = 512;
    private const int LowestOctave = -20;
    private const int LargestCode = 32_766;
    private const ushort SignBit = 0x8000;

    public static ushort Encode(double? value)
    {
        if (value is not { } known || !double.IsFinite(known)) return Missing;
        var magnitude = Math.Abs(known);
        if (magnitude == 0) return 0;
        var code = (int)Math.Round((Math.Log2(magnitude) - LowestOctave) * CodesPerOctave) + 1;
        if (code < 1) return 0;
        return (ushort)(Math.Min(code, LargestCode) | (known < 0 ? SignBit : 0));
    }

    public static double? Decode(ushort code)
    {
        if (code == Missing) return null;
        var steps = code & ~SignBit;
        if (steps == 0) return 0;
        var magnitude = Math.Pow(2, (double)(steps - 1) / CodesPerOctave + LowestOctave);
        return (code & SignBit) == 0 ? magnitude : -magnitude;
    }
}
