using ControlPlane.Embedded.Virtual;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Streams;

namespace ControlPlane.Embedded.Tests.Virtual;

/// <summary>The set-up that the tests of virtual time share.</summary>
internal static class VirtualRuns
{
    internal static VirtualRunResult Run(long seed, Func<VirtualContext, Journal, Task> body, VirtualClusterOptions? options = null)
    {
        var journal = new Journal();
        return VirtualCluster.Run(
            seed,
            silo => silo
                .AddMemoryGrainStorage("store")
                .AddMemoryStreams("streams")
                .UseInMemoryReminderService()
                .Configure<GrainCollectionOptions>(collection => collection.CollectionAge = TimeSpan.FromMinutes(10))
                .ConfigureServices(services => services.AddSingleton(journal)),
            context => body(context, journal),
            options);
    }

    internal static ITallyGrain Tally(this VirtualContext context, string key) => context.GrainFactory.GetGrain<ITallyGrain>(key);

    internal static Task Publish(this VirtualContext context, int value)
        => context.Client.GetStreamProvider("streams").GetStream<int>("numbers", "x").OnNextAsync(value);

    /// <summary>Calls, waits, ticks, events and everything that can go wrong, from several loops at once.</summary>
    internal static async Task Turmoil(VirtualContext context, Journal journal)
    {
        foreach (var kind in Enum.GetValues<FaultKind>())
        {
            context.Faults[kind] = kind is FaultKind.KillActivation or FaultKind.AbandonActivation ? 0.002 : 0.02;
        }

        var loops = Enumerable.Range(0, 8).Select(number => context.Start(async () =>
        {
            for (var i = 0; i < 25; i++)
            {
                try
                {
                    var grain = context.Tally($"g{context.Random.Next(4)}");
                    await (context.Random.Next(4) switch
                    {
                        0 => grain.Forward($"h{context.Random.Next(3)}", TimeSpan.FromMilliseconds(context.Random.Next(50))),
                        1 => context.Publish(i),
                        2 => grain.StartTicking(TimeSpan.FromSeconds(1 + context.Random.Next(5))),
                        _ => grain.Add(1),
                    });
                }
                catch (Exception exception) when (exception is TimeoutException or Orleans.Runtime.OrleansException)
                {
                    journal.Add($"{number} {exception.GetType().Name}");
                }
            }
        }));
        await Task.WhenAll(loops);
        context.Faults.Stop();
        await context.AdvanceAsync(TimeSpan.FromMinutes(2));
        context.Note(string.Join('|', journal.Entries));
    }
}
