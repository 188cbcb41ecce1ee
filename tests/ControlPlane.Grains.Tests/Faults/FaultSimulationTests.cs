using System.Collections.Concurrent;
using System.Globalization;

namespace ControlPlane.Grains.Tests.Faults;

/// <summary>
/// The whole control plane in virtual time under injected faults, one run a seed. <c>CONTROLPLANE_SEEDS=N</c> changes how many seeds are
/// run, <c>CONTROLPLANE_SEED=S</c> replays one.
/// </summary>
public sealed class FaultSimulationTests
{
    private const int DefaultSeeds = 1000;

    [Fact]
    public void Run_ManySeedsOfFaults_KeepEveryInvariantAndSettle()
    {
        var failures = new ConcurrentDictionary<long, string>();
        var totals = new FaultTotals();
        Parallel.ForEach(Seeds(), new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, seed =>
        {
            try
            {
                totals.Add(FaultRun.Execute(seed));
            }
            catch (Exception e)
            {
                failures[seed] = e.InnerException?.Message ?? e.Message;
            }
        });

        Assert.True(failures.IsEmpty, string.Join('\n', failures.OrderBy(f => f.Key).Take(5).Select(f =>
            $"seed {f.Key}: {f.Value}\n  replay: CONTROLPLANE_SEED={f.Key} dotnet test tests/ControlPlane.Grains.Tests --filter FaultSimulation")));
        if (Replayed is null) totals.AssertEverythingHappened();
    }

    [Fact]
    public void Run_SameSeedTwice_DoesTheSame()
    {
        foreach (var seed in new long[] { 3, 17 })
            Assert.Equal(FaultRun.Execute(seed).TraceHash, FaultRun.Execute(seed).TraceHash);
    }

    private static long? Replayed => Environment.GetEnvironmentVariable("CONTROLPLANE_SEED") is { Length: > 0 } text ? long.Parse(text, CultureInfo.InvariantCulture) : null;

    private static IEnumerable<long> Seeds()
    {
        if (Replayed is { } one) return [one];
        var count = Environment.GetEnvironmentVariable("CONTROLPLANE_SEEDS") is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : DefaultSeeds;
        return Enumerable.Range(1, count).Select(seed => (long)seed);
    }
}
