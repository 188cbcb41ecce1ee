namespace ControlPlane.Core.Scaling.Hpa;

/// <summary>Quantities in thousandths, as Kubernetes counts them.</summary>
internal static class MilliQuantity
{
    private const double LargestWhole = 1e9;

    /// <summary>
    /// Thousandths of a value, rounded up as Kubernetes does. Binary noise below a billionth of the unit is taken off first: 8.2 is 8,200.
    /// False when the value is not finite or too great.
    /// </summary>
    public static bool TryFrom(double value, out long milli)
    {
        var scaled = Scaled(value);
        var fits = Math.Abs(scaled) < long.MaxValue;
        milli = fits ? (long)scaled : 0;
        return fits;
    }

    /// <summary>Whether <see cref="TryFrom"/> is true.</summary>
    public static bool Fits(double value) => Math.Abs(value) < LargestWhole || Math.Abs(Scaled(value)) < long.MaxValue;

    private static double Scaled(double value)
    {
        var scaled = value * 1000;
        // A whole number that is not too great would come out of the rounding as it is.
        return Math.Abs(scaled) < LargestWhole && scaled == Math.Floor(scaled) ? scaled : Math.Ceiling(Math.Round(scaled, 6));
    }
}
