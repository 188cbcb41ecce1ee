using System.Collections.Immutable;
using ControlPlane.Simulation.Randomness;

namespace ControlPlane.Simulation.Services;

/// <summary>Faults in order of time.</summary>
public sealed class FaultSchedule
{
    /// <summary>The kinds that <see cref="Seeded"/> draws; a new kind must not change what a seed gives.</summary>
    private static readonly ServiceFaultKind[] SeededKinds =
    [
        ServiceFaultKind.PodCrash, ServiceFaultKind.SlowPod, ServiceFaultKind.MemoryLeak, ServiceFaultKind.NodeLoss, ServiceFaultKind.ScrapeDelay, ServiceFaultKind.ScrapeLoss,
    ];

    /// <summary>No faults.</summary>
    public static readonly FaultSchedule None = new([]);

    /// <summary>Makes a schedule; the faults are sorted by time.</summary>
    public FaultSchedule(IEnumerable<ServiceFault> faults) => Faults = [.. faults.OrderBy(f => f.Time)];

    /// <summary>The faults, earliest first.</summary>
    public ImmutableArray<ServiceFault> Faults { get; }

    /// <summary>
    /// Faults at random moments, a function of the seed: on average a number of each of the first six kinds per day of the time between start and end.
    /// </summary>
    public static FaultSchedule Seeded(ulong seed, DateTimeOffset start, TimeSpan duration, double perKindAndDay = 2)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(perKindAndDay);
        var faults = new List<ServiceFault>();
        foreach (var kind in SeededKinds)
        {
            var random = SeededRandom.For(seed, (ulong)kind);
            for (var time = start; perKindAndDay > 0;)
            {
                time += TimeSpan.FromSeconds(Math.Ceiling(random.NextExponential() / perKindAndDay * 86_400));
                if (time >= start + duration) break;
                faults.Add(Draw(random, kind, time));
            }
        }

        return new FaultSchedule(faults);
    }

    private static ServiceFault Draw(SeededRandom random, ServiceFaultKind kind, DateTimeOffset time) => new()
    {
        Time = time,
        Kind = kind,
        Target = random.Next(1 << 20),
        Duration = TimeSpan.FromSeconds(60 + random.Next(840)),
        Magnitude = kind switch
        {
            ServiceFaultKind.SlowPod => 0.2 + 0.6 * random.NextDouble(),
            ServiceFaultKind.MemoryLeak => (1 << 18) * (1 + random.NextDouble()),
            ServiceFaultKind.ScrapeDelay => 30 + random.Next(150),
            _ => 0,
        },
    };
}
