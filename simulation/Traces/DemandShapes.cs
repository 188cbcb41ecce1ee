using ControlPlane.Simulation.Randomness;

namespace ControlPlane.Simulation.Traces;

/// <summary>
/// Made demand of the kinds that hurt an autoscaler most: ramps and flash crowds over a calm day, at the same hour every day (a start of the working day, a daily sale), or at
/// any moment without warning. A function of name and seed alone.
/// </summary>
public static class DemandShapes
{
    /// <summary>Before a shape's name where a file of a trace is meant otherwise.</summary>
    public const string Prefix = "shape:";

    private const string Daily = "-daily";
    private const int Days = 14;
    private const double UsualRate = 1200;
    private const double Greatest = 6;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);
    private static readonly DateTimeOffset Start = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);

    private static readonly Dictionary<string, Wave> Waves = new()
    {
        ["ramp"] = new(Hours(0.25), Hours(1.5), Hours(0.5), IsSharp: false),
        ["flash-crowd"] = new(Hours(1.0 / 60), Hours(0.1), Hours(0.4), IsSharp: true),
    };

    /// <summary>Names of the shapes.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Waves.Keys.SelectMany(name => (string[])[name + Daily, name])];

    /// <summary>Makes two weeks of a shape in requests per second, every 15 s.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="seed">Decides times, heights and the noise of single requests.</param>
    /// <exception cref="ArgumentException">There is no such shape.</exception>
    public static Trace Make(string name, ulong seed)
    {
        var isDaily = name.EndsWith(Daily, StringComparison.Ordinal);
        if (!Waves.TryGetValue(isDaily ? name[..^Daily.Length] : name, out var wave))
            throw new ArgumentException($"There is no shape '{name}'; known: {string.Join(", ", Names)}.", nameof(name));
        var random = SeededRandom.For(seed, SeededRandom.Combine(0, name));
        var events = Events(isDaily, random);
        var rates = new double?[(int)(Days * Hours(24) / Interval)];
        for (var i = 0; i < rates.Length; i++) rates[i] = Rate(i * Interval, wave, events, random);
        return new Trace(name, Start, Interval, rates);
    }

    /// <summary>Two events a day: at the same hours give or take two minutes, or at any moment of the two weeks.</summary>
    private static (TimeSpan At, double Height)[] Events(bool isDaily, SeededRandom random)
    {
        var events = new (TimeSpan At, double Height)[2 * Days];
        for (var i = 0; i < events.Length; i++)
        {
            var at = isDaily ? Hours(24) * (i / 2) + Hours(i % 2 == 0 ? 9 : 17) + TimeSpan.FromMinutes(2) * random.NextNormal() : Hours(24) * Days * random.NextDouble();
            events[i] = (at, (Greatest - 1) * (0.8 + 0.2 * random.NextDouble()));
        }

        return events;
    }

    private static double Rate(TimeSpan time, Wave wave, (TimeSpan At, double Height)[] events, SeededRandom random)
    {
        var usual = UsualRate * (1 + 0.15 * Math.Sin(2 * Math.PI * (time / Hours(24) - 0.4)));
        var more = 0.0;
        foreach (var (at, height) in events) more = Math.Max(more, height * wave.At(time - at));
        var rate = usual * (1 + more);
        // As single requests that come independently, for as long as an interval.
        var spread = Math.Sqrt(rate / Interval.TotalSeconds);
        return Math.Max(0, rate + spread * random.NextNormal());
    }

    private static TimeSpan Hours(double hours) => TimeSpan.FromHours(hours);

    /// <summary>How an event comes and goes, as a share of its height.</summary>
    /// <param name="Rise">Until it is at its height.</param>
    /// <param name="Hold">For how long it stays there.</param>
    /// <param name="Fall">From there to nothing; of a sharp one the time in which it falls to a third, again and again.</param>
    /// <param name="IsSharp">Whether it fades by itself instead of being over at an end.</param>
    private sealed record Wave(TimeSpan Rise, TimeSpan Hold, TimeSpan Fall, bool IsSharp)
    {
        public double At(TimeSpan since)
        {
            if (since < TimeSpan.Zero) return 0;
            if (since < Rise) return since / Rise;
            var after = since - Rise - Hold;
            if (after < TimeSpan.Zero) return 1;
            return IsSharp ? Math.Exp(-(after / Fall)) : Math.Max(0, 1 - after / Fall);
        }
    }
}
