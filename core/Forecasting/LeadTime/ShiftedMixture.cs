namespace ControlPlane.Core.Forecasting.LeadTime;

/// <summary>The quantiles of a distribution that is with some probability shifted upwards as a whole.</summary>
internal static class ShiftedMixture
{
    private const int UsualLevels = 64;

    /// <summary>Mixes in place; between quantiles the distribution function is linear.</summary>
    /// <param name="levels">Levels, ascending.</param>
    /// <param name="values">The quantiles, ascending.</param>
    /// <param name="shift">The shift, at least 0.</param>
    /// <param name="weight">Its probability.</param>
    public static void Apply(ReadOnlySpan<float> levels, Span<float> values, float shift, double weight)
    {
        Span<float> plain = levels.Length <= UsualLevels ? stackalloc float[UsualLevels] : new float[levels.Length];
        plain = plain[..levels.Length];
        values.CopyTo(plain);
        var (plainNext, shiftedNext, level) = (0, 0, 0);
        var (value, below) = (plain[0], 0.0);
        while (level < levels.Length && shiftedNext < levels.Length)
        {
            var knot = plainNext < levels.Length && plain[plainNext] <= plain[shiftedNext] + shift ? plain[plainNext++] : plain[shiftedNext++] + shift;
            var belowKnot = (1 - weight) * Below(levels, plain, plainNext, knot) + weight * Below(levels, plain, shiftedNext, knot - shift);
            for (; level < levels.Length && levels[level] <= belowKnot; level++)
                values[level] = belowKnot > below ? (float)(value + (levels[level] - below) / (belowKnot - below) * (knot - value)) : knot;
            (value, below) = (knot, belowKnot);
        }

        values[level..].Fill(plain[^1] + shift);
    }

    /// <summary>The distribution function at a value below the quantile <paramref name="next"/>; nothing is said beyond the last.</summary>
    private static double Below(ReadOnlySpan<float> levels, ReadOnlySpan<float> quantiles, int next, float value)
    {
        if (next == 0) return 0;
        if (next == quantiles.Length) return value > quantiles[^1] ? 1 : levels[^1];
        var width = quantiles[next] - quantiles[next - 1];
        return levels[next - 1] + (width > 0 ? (value - quantiles[next - 1]) / width * (levels[next] - levels[next - 1]) : 0);
    }
}
