using System.Text.Json.Nodes;

namespace ControlPlane.Core.Policies;

/// <summary>The values that a number of a policy may have; a duration counts in seconds.</summary>
/// <param name="Least">The least, or what is just too small.</param>
/// <param name="Most">The greatest, or what is just too great.</param>
/// <param name="Words">What is said of a value outside, after the value.</param>
/// <param name="IsLeastOut">Whether the least is out of the range itself.</param>
/// <param name="IsMostOut">Whether the greatest is out of the range itself.</param>
internal sealed record PolicyRange(double Least, double Most, string Words, bool IsLeastOut = false, bool IsMostOut = false)
{
    /// <summary>A fraction between 0 and 1, neither of them.</summary>
    public static readonly PolicyRange Fraction = new(0, 1, "is not a fraction between 0 and 1", true, true);

    /// <summary>A fraction from 0 to below 1.</summary>
    public static readonly PolicyRange FractionFromZero = new(0, 1, "is not a fraction from 0 to below 1", IsMostOut: true);

    /// <summary>A fraction above 0, up to 1.</summary>
    public static readonly PolicyRange FractionToOne = new(0, 1, "is not a fraction above 0, up to 1", true);

    /// <summary>Any number above 0.</summary>
    public static readonly PolicyRange Positive = new(0, double.MaxValue, "is not above 0", true);

    /// <summary>At least a number.</summary>
    public static PolicyRange AtLeast(int least) => new(least, double.MaxValue, $"is below {least}");

    /// <summary>At most a number.</summary>
    public static PolicyRange AtMost(int most) => new(double.MinValue, most, $"is above {most}");

    /// <summary>Durations.</summary>
    public static PolicyRange Within(TimeSpan least, TimeSpan most, bool isLeastOut = false) =>
        new(least.TotalSeconds, most.TotalSeconds, $"is not within {DurationText.Format(least)}..{DurationText.Format(most)}", isLeastOut);

    /// <summary>Whether a value lies in the range; one that is not there does.</summary>
    public bool Holds(double? value) => value is not { } v || ((IsLeastOut ? v > Least : v >= Least) && (IsMostOut ? v < Most : v <= Most));

    /// <summary>Says the range in the words of JSON Schema.</summary>
    public void Publish(JsonObject schema)
    {
        if (Least > double.MinValue) schema[IsLeastOut ? "exclusiveMinimum" : "minimum"] = Least;
        if (Most < double.MaxValue) schema[IsMostOut ? "exclusiveMaximum" : "maximum"] = Most;
    }
}
