using ControlPlane.Contract.Tests;
using ControlPlane.Contract.Tests.Calls;
using ControlPlane.Contract.Tests.State;
using ControlPlane.Contract.Tests.Streams;
using ControlPlane.Contract.Tests.Wiring;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.TestingHost;

namespace ControlPlane.Cluster.Tests.Silos;

/// <summary>What holds between silos in one process, and when one of them is killed.</summary>
public sealed class SiloLossTests
{
    private const int Keys = 60;
    private const string Numbers = "contract-numbers";
    private const string Probed = "ControlPlane.Contract.Tests.State.NotesGrain";

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Calls_FromEverySiloAtOnce_MakeOneActivationAKey(short silos)
    {
        await using var host = await ContractHost.StartAsync(new ContractHostSettings(), silos);
        string[] keys = [.. Names($"one-of-{silos}")];

        await Task.WhenAll(keys.SelectMany(key => host.Silos.Select(silo => On(silo).GetGrain<ICallGrain>(key).Add(1))));
        await Task.WhenAll(keys.SelectMany(key => host.Silos.Select(silo => On(silo).GetGrain<INotesGrain>(key, Probed).Read())));

        // Two silos may both begin to make one; but only one of them comes to life, and only that one is ever called.
        Assert.All(await Task.WhenAll(keys.Select(key => host.Client.GetGrain<ICallGrain>(key).Peek())), sum => Assert.Equal(silos, sum));
        Assert.All(keys, key => Assert.Equal(1, Probe.Of(key).Count("activated")));
        Assert.Equal(silos, keys.Select(key => host.SiloOf(host.Client.GetGrain<ICallGrain>(key))).Distinct().Count());
    }

    [Fact]
    public async Task Events_PublishedOnEverySilo_ReachTheirSubscribersInOrder()
    {
        await using var host = await ContractHost.StartAsync(new ContractHostSettings(), 3);
        string[] keys = [.. Names("streams")];

        for (var value = 1; value <= 5; value++)
        {
            var silo = host.Silos[value % 3];
            foreach (var key in keys) await On(silo).GetGrain<IPublisherGrain>(key).Publish(Numbers, value);
        }

        foreach (var key in keys) await Probe.EventuallyAsync(() => Probe.Of(key).Count("first 5") == 1 && Probe.Of(key).Count("second 5") == 1, $"{key} gets its events");
        Assert.All(keys, key => Assert.Equal(["first 1", "first 2", "first 3", "first 4", "first 5"], Probe.Of(key).Log.Where(IsFirst)));
    }

    [Fact]
    public async Task Kill_OfASilo_ItsGrainsLiveOnElsewhereWithTheirState()
    {
        await using var host = await ContractHost.StartAsync(new ContractHostSettings(), 3);
        INotesGrain[] grains = [.. Names("state").Select(key => host.Client.GetGrain<INotesGrain>(key, Probed))];
        foreach (var grain in grains) await grain.Write("kept");
        var victim = host.SiloOf(grains[0])!;
        INotesGrain[] lost = [.. grains.Where(grain => host.SiloOf(grain) == victim)];

        await host.KillAsync(victim);

        foreach (var grain in grains) await Probe.EventuallyAsync(() => Keeps(grain), $"{grain.GetPrimaryKeyString()} keeps its state");
        Assert.All(lost, grain => Assert.True(Probe.Of(grain.GetPrimaryKeyString()).Count("activated") >= 2));
        Assert.All(lost, grain => Assert.NotEqual(victim, host.SiloOf(grain)));
    }

    [Fact]
    public async Task Kill_OfASilo_LaterEventsArrive()
    {
        await using var host = await ContractHost.StartAsync(new ContractHostSettings(), 3);
        string[] keys = [.. Names("events")];
        foreach (var key in keys) await host.Client.GetGrain<IPublisherGrain>(key).Publish(Numbers, 1);
        foreach (var key in keys) await Probe.EventuallyAsync(() => Probe.Of(key).Count("first 1") == 1, $"{key} gets its first event");

        await host.KillAsync(host.Silos[2]);

        // What was on its way is lost with the silo that held it, as with any memory stream; what is published afterwards is not.
        var value = 1;
        await Probe.EventuallyAsync(
            async () =>
            {
                value++;
                foreach (var key in keys) await Publishes(host, key, value);
                return keys.All(key => Probe.Of(key).Log.Count(IsFirst) >= 3);
            },
            "every subscriber gets events again");
    }

    private static IEnumerable<string> Names(string test) => Enumerable.Range(0, Keys).Select(i => $"{test}-{i}");

    private static bool IsFirst(string entry) => entry.StartsWith("first ", StringComparison.Ordinal) && char.IsAsciiDigit(entry[^1]) && !entry.StartsWith("first try", StringComparison.Ordinal);

    private static IGrainFactory On(InProcessSiloHandle silo) => silo.SiloHost.Services.GetRequiredService<IGrainFactory>();

    private static async Task<bool> Keeps(INotesGrain grain)
    {
        try
        {
            return (await grain.Read()).Text == "kept";
        }
        catch (Exception e) when (e is OrleansException or TimeoutException)
        {
            return false;
        }
    }

    private static async Task Publishes(ContractHost host, string key, int value)
    {
        try
        {
            await host.Client.GetGrain<IPublisherGrain>(key).Publish(Numbers, value);
        }
        catch (Exception e) when (e is OrleansException or TimeoutException)
        {
            // The next round publishes again.
        }
    }
}
