namespace ControlPlane.Core.Scaling.Hpa;

/// <summary>Quantities in thousandths, as Kubernetes counts them.</summary>
internal static class MilliQuantity
{
    /// <summary>
    /// Thousandths of a value, rounded up as Kubernetes does. Binary noise below a billionth of the unit is taken off first: 8.2 is 8,200.
    /// False when the value is not finite or too great.
    /// </summary>
    public static bool TryFrom(double value, out long milli)
    {
        var scaled = Math.Ceiling(Math.Round(value * 1000, 6));
        var fits = Math.Abs(scaled) < long.MaxValue;
        milli = fits ? (long)scaled : 0;
        return fits;
    }
}
