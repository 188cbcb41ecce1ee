using Orleans.Runtime;

namespace Orleans;

/// <summary>Identity of grains and of references to them.</summary>
public static class GrainExtensions
{
    /// <summary>The grain's identity.</summary>
    /// <param name="grain">A grain or a reference to one.</param>
    /// <returns>Its identity.</returns>
    /// <exception cref="ArgumentException">It is neither.</exception>
    public static GrainId GetGrainId(this IAddressable grain)
    {
        ArgumentNullException.ThrowIfNull(grain);
        return grain switch
        {
            GrainReference reference => reference.GrainId,
            IGrainBase grainBase => grainBase.GrainContext.GrainId,
            _ => throw new ArgumentException($"{grain.GetType()} is neither a grain nor a grain reference.", nameof(grain)),
        };
    }

    /// <summary>The grain's key.</summary>
    /// <param name="grain">A grain or a reference to one.</param>
    /// <returns>Its key.</returns>
    public static string GetPrimaryKeyString(this IAddressable grain) => GetGrainId(grain).Key.ToString();
}
