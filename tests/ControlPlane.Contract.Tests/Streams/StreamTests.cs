using System.Globalization;
using Orleans.Streams;

namespace ControlPlane.Contract.Tests.Streams;

[Collection(ContractCollection.Name)]
public sealed class StreamTests(ContractSilo silo)
{
    private const string Numbers = "contract-numbers";
    private const string Others = "contract-others";

    [Fact]
    public async Task Publish_FirstEvent_ActivatesEverySubscriber()
    {
        await Publish("wakes", Numbers, 1);

        await Received("wakes", "first 1");
        await Received("wakes", "second 1");
        Assert.Equal(1, Probe.Of("wakes").Count($"first subscribed {Numbers}"));
    }

    [Fact]
    public async Task Publish_ManyEvents_ArriveInOrderAtEachSubscriber()
    {
        var sent = Enumerable.Range(1, 200).ToArray();
        foreach (var value in sent)
        {
            await Publish("order", Numbers, value);
        }

        await Received("order", "first 200");
        await Received("order", "second 200");
        Assert.Equal(sent, Values("order", "first"));
        Assert.Equal(sent, Values("order", "second"));
    }

    [Fact]
    public async Task Publish_OnTwoNamespaces_EachReachesItsSubscribers()
    {
        await Publish("two", Others, 5);
        await Publish("two", Numbers, 6);

        await Received("two", "second 5");
        await Received("two", "second 6");
        await Received("two", "first 6");
        Assert.Equal(0, Probe.Of("two").Count("first 5"));
    }

    [Fact]
    public async Task Publish_FromAGrain_Arrives()
    {
        await silo.Client.GetGrain<IPublisherGrain>("from-grain").Publish(Numbers, 7);

        await Received("from-grain", "first 7");
    }

    [Fact]
    public async Task Delivery_ThatFails_ComesAgainBeforeLaterEvents()
    {
        Probe.Of("fails-once").Add("fail 2");
        foreach (var value in new[] { 1, 2, 3 })
        {
            await Publish("fails-once", Numbers, value);
        }

        await Received("fails-once", "first 3");
        Assert.Equal([1, 2, 3], Values("fails-once", "first"));
        Assert.Equal(2, Probe.Of("fails-once").Count("first try 2"));
    }

    [Fact]
    public async Task Delivery_ThatFailsTwice_ComesAgainTwice()
    {
        Probe.Of("fails-twice").Add("fail 2");
        Probe.Of("fails-twice").Add("fail 2");
        await Publish("fails-twice", Numbers, 2);

        await Received("fails-twice", "first 2");
        Assert.Equal(3, Probe.Of("fails-twice").Count("first try 2"));
    }

    [Fact]
    public async Task Delivery_WhileAnotherIsAwaited_Waits()
    {
        await Publish("slow", Others, 999);
        // Order holds within a stream only: the other stream's event must not be sent before this one is being handled.
        await Probe.Of("slow").WaitAsync("entered");
        await Publish("slow", Others, 1);
        await Publish("slow", Numbers, 2);
        await Received("slow", "first 2");

        Assert.Equal(0, Probe.Of("slow").Count("second try 1"));
        Assert.Equal(0, Probe.Of("slow").Count("second try 2"));
        Probe.Of("slow").Signal("leave");
        await Received("slow", "second 1");
        await Received("slow", "second 2");
    }

    [Fact]
    public async Task Delivery_AfterTheActivationEnded_SubscribesAgain()
    {
        await Publish("ended", Numbers, 1);
        await Received("ended", "first 1");
        await silo.Client.GetGrain<IListenerGrain>("ended", "ControlPlane.Contract.Tests.Streams.FirstListenerGrain").End();
        await Publish("ended", Numbers, 2);

        await Received("ended", "first 2");
        Assert.Equal(2, Probe.Of("ended").Count($"first subscribed {Numbers}"));
    }

    private static Task Received(string key, string entry) => Probe.EventuallyAsync(() => Probe.Of(key).Count(entry) >= 1, entry);

    private static IEnumerable<int> Values(string key, string name) => Probe.Of(key).Log
        .Select(entry => entry.Split(' '))
        .Where(words => words.Length == 2 && words[0] == name)
        .Select(words => int.Parse(words[1], CultureInfo.InvariantCulture));

    private Task Publish(string key, string streamNamespace, int value)
        => silo.Client.GetStreamProvider("streams").GetStream<int>(streamNamespace, key).OnNextAsync(value);
}
