namespace ControlPlane.Core.Forecasting.Offline;

/// <summary>A monotone scale on which a model works.</summary>
internal enum SeriesScale
{
    /// <summary>The values as they are.</summary>
    Level,

    /// <summary>Square root; negative values count as 0.</summary>
    Root,

    /// <summary>Natural logarithm; values below 0.001 count as that.</summary>
    Logarithm,
}

/// <summary>To a scale and back.</summary>
internal static class SeriesScales
{
    private const double Least = 1e-3;

    public static double To(this SeriesScale scale, double value) => scale switch
    {
        SeriesScale.Root => Math.Sqrt(Math.Max(value, 0)),
        SeriesScale.Logarithm => Math.Log(Math.Max(value, Least)),
        _ => value,
    };

    public static double From(this SeriesScale scale, double value) => scale switch
    {
        SeriesScale.Root => value <= 0 ? 0 : value * value,
        SeriesScale.Logarithm => Math.Exp(value),
        _ => value,
    };
}
