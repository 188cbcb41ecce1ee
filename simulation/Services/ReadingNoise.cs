using ControlPlane.Simulation.Randomness;

namespace ControlPlane.Simulation.Services;

/// <summary>
/// Makes the metrics of pods as untidy as real ones are: every pod has its own way (a larger heap, a busier client), every reading its own
/// error, and now and then a pod has a hiccup (a collection of garbage, a batch) that is over within seconds, rarely within minutes.
/// A function of the seed, the pod and the time.
/// </summary>
/// <param name="seed">Seed of all of it.</param>
public sealed class ReadingNoise(ulong seed)
{
    /// <summary>Deviation of the logarithm between pods: CPU and memory.</summary>
    public const double BetweenPods = 0.08;

    /// <summary>Deviation of the logarithm between readings of one pod: CPU and latency.</summary>
    public const double BetweenReadings = 0.08;

    /// <summary>Chance that a pod has a hiccup within a slot of 10 minutes: one in three days.</summary>
    public const double HiccupChance = 1.0 / 432;

    /// <summary>Median length of a hiccup; one in six is more than twice as long.</summary>
    public static readonly TimeSpan HiccupMedian = TimeSpan.FromSeconds(8);
    private const double HiccupSigma = 0.8;
    private const double LargestFactor = 6;
    private const double LargestErrors = 0.3;
    private static readonly long Slot = TimeSpan.FromMinutes(10).Ticks;

    internal PodNoise Of(long pod, DateTimeOffset time)
    {
        var own = SeededRandom.For(seed, (ulong)pod);
        var (cpu, memory) = (BetweenPods * own.NextNormal(), BetweenPods * own.NextNormal());
        var reading = SeededRandom.For(SeededRandom.Combine(seed, (ulong)pod + 7919), (ulong)time.Ticks);
        cpu += BetweenReadings * reading.NextNormal();
        var latency = BetweenReadings * reading.NextNormal();
        // A few errors now and then, as users have them.
        var errors = reading.NextDouble() < 0.02 ? 0.02 * reading.NextDouble() : 0;
        var hiccup = Hiccup(pod, time);
        return new PodNoise(Math.Exp(cpu) * (1 + 0.5 * hiccup), Math.Exp(memory + 0.01 * reading.NextNormal()), Math.Exp(latency) * (1 + (LargestFactor - 1) * hiccup), errors + LargestErrors * hiccup * hiccup);
    }

    /// <summary>Strength of the pod's hiccup, 0 to 1.</summary>
    private double Hiccup(long pod, DateTimeOffset time)
    {
        var slot = time.Ticks / Slot;
        var random = SeededRandom.For(SeededRandom.Combine(seed, (ulong)pod + 104_729), (ulong)slot);
        if (random.NextDouble() >= HiccupChance) return 0;
        var start = slot * Slot + (long)(random.NextDouble() * Slot / 2);
        var length = HiccupMedian * Math.Exp(HiccupSigma * random.NextNormal());
        return time.Ticks >= start && time.Ticks < start + length.Ticks ? random.NextDouble() : 0;
    }
}

/// <summary>Factors on a pod's CPU, memory and latency, and what is added to its share of errors.</summary>
internal readonly record struct PodNoise(double Cpu, double Memory, double Latency, double Errors)
{
    public static readonly PodNoise None = new(1, 1, 1, 0);
}
