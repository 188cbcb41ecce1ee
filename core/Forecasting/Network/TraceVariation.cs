using ControlPlane.Core.Forecasting.Neural;

namespace ControlPlane.Core.Forecasting.Network;

/// <summary>Changes a stretch of load in ways that real loads change, so that the network sees more kinds than were recorded.</summary>
internal static class TraceVariation
{
    /// <summary>Changes a copy in place: a step or a ramp of the level, a mix with another stretch, more noise, a burst; each by chance.</summary>
    public static void Apply(Span<double> values, ReadOnlySpan<double> other, SeededNoise random)
    {
        if (other.Length >= values.Length && random.NextDouble() < 0.35) Mix(values, other, random);
        if (random.NextDouble() < 0.35) Shift(values, random);
        if (random.NextDouble() < 0.3) Roughen(values, random);
        if (random.NextDouble() < 0.15) Burst(values, random);
        if (random.NextDouble() < 0.1) Drop(values, random);
    }

    /// <summary>Adds another load at a random share of this one's level.</summary>
    private static void Mix(Span<double> values, ReadOnlySpan<double> other, SeededNoise random)
    {
        var (own, strange) = (Mean(values), Mean(other[..values.Length]));
        if (own <= 0 || strange <= 0) return;
        var share = (0.2 + 1.8 * random.NextDouble()) * own / strange;
        for (var i = 0; i < values.Length; i++) values[i] += share * other[i];
    }

    /// <summary>Multiplies by 0.4–2.5 from a place on, at once or over a while.</summary>
    private static void Shift(Span<double> values, SeededNoise random)
    {
        var (place, size) = (random.NextInt(values.Length), (2 * random.NextDouble() - 1) * 0.9);
        var length = random.NextDouble() < 0.5 ? 1 : 1 + random.NextInt(values.Length / 4 + 1);
        for (var i = place; i < values.Length; i++) values[i] *= Math.Exp(size * Math.Min(1, (double)(i - place + 1) / length));
    }

    /// <summary>Noise in proportion, up to 15%.</summary>
    private static void Roughen(Span<double> values, SeededNoise random)
    {
        var size = 0.15 * random.NextDouble() * random.NextDouble();
        foreach (ref var value in values) value *= Math.Exp(size * random.NextNormal());
    }

    /// <summary>A burst that decays.</summary>
    private static void Burst(Span<double> values, SeededNoise random)
    {
        var (place, size, length) = (random.NextInt(values.Length), 0.5 + 3 * random.NextDouble(), 2 + random.NextInt(60));
        for (var i = place; i < Math.Min(values.Length, place + 6 * length); i++) values[i] *= 1 + size * Math.Exp(-(double)(i - place) / length);
    }

    /// <summary>A stretch that was not recorded.</summary>
    private static void Drop(Span<double> values, SeededNoise random)
    {
        var place = random.NextInt(values.Length);
        values.Slice(place, Math.Min(values.Length - place, 1 + random.NextInt(20))).Fill(double.NaN);
    }

    private static double Mean(ReadOnlySpan<double> values)
    {
        var (sum, count) = (0.0, 0);
        foreach (var value in values)
        {
            if (!TrainingTrace.IsKnown(value)) continue;
            sum += value;
            count++;
        }

        return count == 0 ? 0 : sum / count;
    }
}
