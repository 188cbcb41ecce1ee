using System.Globalization;

namespace ControlPlane.Simulation.Cluster;

/// <summary>Kubernetes quantities as the simulation writes and reads them.</summary>
internal static class Quantities
{
    private static readonly (string Suffix, double Factor)[] Suffixes =
    [
        ("Ki", 1024), ("Mi", 1 << 20), ("Gi", 1 << 30), ("Ti", 1L << 40), ("n", 1e-9), ("u", 1e-6), ("m", 1e-3), ("k", 1e3), ("M", 1e6), ("G", 1e9), ("T", 1e12),
    ];

    /// <summary>Thousandths in the shortest form.</summary>
    public static string Milli(long thousandths) =>
        thousandths % 1000 == 0 ? (thousandths / 1000).ToString(CultureInfo.InvariantCulture) : $"{thousandths.ToString(CultureInfo.InvariantCulture)}m";

    public static string Cpu(long millicores) => Milli(millicores);

    public static string Memory(long bytes) =>
        bytes % (1 << 20) == 0 ? $"{bytes >> 20}Mi" : bytes % 1024 == 0 ? $"{bytes >> 10}Ki" : bytes.ToString(CultureInfo.InvariantCulture);

    /// <summary>The value of a quantity; null when the text is none.</summary>
    public static double? Parse(string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        foreach (var (suffix, factor) in Suffixes)
        {
            if (text.EndsWith(suffix, StringComparison.Ordinal)) return Number(text[..^suffix.Length]) * factor;
        }

        return Number(text);
    }

    private static double? Number(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : null;
}
