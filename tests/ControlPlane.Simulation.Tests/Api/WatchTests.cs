using System.Text.Json.Nodes;
using ControlPlane.Simulation.Cluster;

namespace ControlPlane.Simulation.Tests.Api;

public sealed class WatchTests
{
    private const string Pods = "/api/v1/namespaces/shop/pods";

    [Fact]
    public void Watch_FromAVersion_TellsEveryChangeInOrder()
    {
        var client = ApiClient.WithService();
        var watch = client.Watch($"{Pods}?resourceVersion={client.Cluster.ResourceVersion}");
        Assert.Empty(ApiClient.Drain(watch));
        client.Cluster.FindService("shop", "web")!.Scale(5);
        client.Advance(4);
        client.Cluster.FindService("shop", "web")!.Scale(2);
        client.Advance(1);

        var events = ApiClient.Drain(watch);

        var versions = events.Select(Version).ToArray();
        Assert.Equal(versions.Order(), versions);
        Assert.Equal(2, events.Count(e => Type(e) == "ADDED"));
        Assert.Equal(3, events.Count(e => Type(e) == "DELETED"));
        var left = Replay([.. client.Get(Pods)["items"]!.AsArray().Select(p => p!["metadata"]!["name"]!.GetValue<string>())], []);
        Assert.Equal(2, left.Count);
    }

    [Fact]
    public void Watch_ResumedAnywhere_GivesTheSameEnd()
    {
        var client = ApiClient.WithService();
        var list = client.Get(Pods);
        var start = long.Parse(list["metadata"]!["resourceVersion"]!.GetValue<string>());
        var names = list["items"]!.AsArray().Select(p => p!["metadata"]!["name"]!.GetValue<string>()).ToArray();
        for (var i = 0; i < 10; i++)
        {
            client.Cluster.FindService("shop", "web")!.Scale(1 + i * 3 % 7);
            client.Advance(1);
        }

        var whole = ApiClient.Drain(client.Watch($"{Pods}?resourceVersion={start}"));
        for (var cut = 0; cut < whole.Count; cut++)
        {
            var head = whole.Take(cut).ToList();
            var rest = ApiClient.Drain(client.Watch($"{Pods}?resourceVersion={(cut == 0 ? start : Version(head[^1]))}"));
            Assert.Equal(whole.Skip(cut).Select(e => e.ToJsonString()), rest.Select(e => e.ToJsonString()));
        }

        var now = client.Get(Pods)["items"]!.AsArray().Select(p => p!["metadata"]!["name"]!.GetValue<string>());
        Assert.Equal(now, Replay(names, whole));
    }

    [Fact]
    public void Watch_WithoutAVersion_BeginsWithWhatThereIs()
    {
        var client = ApiClient.WithService();
        Assert.Equal(["ADDED", "ADDED", "ADDED"], ApiClient.Drain(client.Watch($"{Pods}?x=y")).Select(Type));
    }

    [Fact]
    public void Watch_TooOldVersion_IsGone()
    {
        var client = ApiClient.WithService(options: new SimulatedClusterOptions { WatchHistory = 20 });
        var old = client.Cluster.ResourceVersion;
        var slow = client.Watch($"{Pods}?resourceVersion={old}");
        for (var i = 0; i < 20; i++) client.Cluster.FindService("shop", "web")!.Scale(2 + i % 2);
        client.Advance(1);

        Assert.Equal(410, client.Send("GET", $"{Pods}?watch=true&resourceVersion={old}").Status);
        var told = ApiClient.Drain(slow);
        Assert.Equal("ERROR", Type(told[^1]));
        Assert.Equal(410, told[^1]["object"]!["code"]!.GetValue<int>());
    }

    [Fact]
    public void Watch_WithASelector_AddsAndDeletesWhatEntersAndLeaves()
    {
        var client = ApiClient.WithService();
        var watch = client.Watch($"/apis/apps/v1/deployments?labelSelector=tier%3Dgold&resourceVersion={client.Cluster.ResourceVersion}");
        foreach (var tier in new[] { "gold", "gold", "tin" })
        {
            client.Send("PATCH", $"{ApiClient.Shop}/deployments/web", $"{{\"metadata\":{{\"labels\":{{\"tier\":\"{tier}\"}},\"annotations\":{{\"n\":\"{client.Cluster.ResourceVersion}\"}}}}}}", "application/merge-patch+json");
        }

        Assert.Equal(["ADDED", "MODIFIED", "DELETED"], ApiClient.Drain(watch).Select(Type));
    }

    [Fact]
    public void Watch_Bookmarks_TellHowFarItIs()
    {
        var client = ApiClient.WithService();
        var watch = client.Watch($"/apis/coordination.k8s.io/v1/leases?allowWatchBookmarks=true&resourceVersion={client.Cluster.ResourceVersion}");
        for (var i = 0; i < 100; i++) client.Cluster.FindService("shop", "web")!.Scale(2 + i % 2);
        client.Advance(1);

        var bookmark = Assert.Single(ApiClient.Drain(watch));
        Assert.Equal(("BOOKMARK", client.Cluster.ResourceVersion), (Type(bookmark), Version(bookmark)));
    }

    [Fact]
    public void Watch_SendInitialEvents_EndsThemWithABookmark()
    {
        var client = ApiClient.WithService();
        var events = ApiClient.Drain(client.Watch($"{Pods}?sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan"));

        Assert.Equal(["ADDED", "ADDED", "ADDED", "BOOKMARK"], events.Select(Type));
        Assert.Equal("true", events[^1]["object"]!["metadata"]!["annotations"]!["k8s.io/initial-events-end"]!.GetValue<string>());
    }

    [Fact]
    public async Task Watch_InMemoryStream_ContinuesInsideTheChange()
    {
        var client = ApiClient.WithService();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Pods}?watch=true&resourceVersion={client.Cluster.ResourceVersion}");
        var send = client.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.True(send.IsCompletedSuccessfully);
        using var reader = new StreamReader(await (await send).Content.ReadAsStreamAsync());
        var line = reader.ReadLineAsync();
        Assert.False(line.IsCompleted);

        client.Cluster.FindService("shop", "web")!.Scale(4);
        WithoutContext(() => client.Advance(1));

        Assert.True(line.IsCompletedSuccessfully);
        Assert.Equal("ADDED", Type(JsonNode.Parse((await line)!)!));
    }

    [Fact]
    public void Watch_WithAClock_ContinuesInItsTimer()
    {
        var clock = new ManualClock();
        var client = ApiClient.WithService(clock: clock);
        var read = client.Watch($"{Pods}?resourceVersion={client.Cluster.ResourceVersion}").ReadAsync(clock, runsInline: true, CancellationToken.None).AsTask();
        client.Cluster.FindService("shop", "web")!.Scale(4);
        WithoutContext(() => client.Advance(1));
        Assert.False(read.IsCompleted);

        WithoutContext(() => clock.Advance(TimeSpan.Zero));

        Assert.True(read.IsCompletedSuccessfully);
    }

    /// <summary>A synchronization context, which the test runner has and a virtual-time thread has not, forbids inline continuations.</summary>
    private static void WithoutContext(Action action)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            action();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    [Fact]
    public async Task Watch_TimeoutSeconds_EndsByTheClock()
    {
        var clock = new ManualClock();
        var client = ApiClient.WithService(clock: clock);
        var watch = client.Watch($"{Pods}?timeoutSeconds=30&resourceVersion={client.Cluster.ResourceVersion}");
        var read = watch.ReadAsync(clock, runsInline: true, CancellationToken.None).AsTask();
        clock.Advance(TimeSpan.FromSeconds(29));
        Assert.False(read.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(await read);
    }

    [Fact]
    public async Task Watch_Cancelled_Ends()
    {
        var client = ApiClient.WithService();
        using var stop = new CancellationTokenSource();
        var read = client.Watch($"{Pods}?resourceVersion={client.Cluster.ResourceVersion}").ReadAsync(null, runsInline: true, stop.Token).AsTask();
        Assert.False(read.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
    }

    private static SortedSet<string> Replay(IEnumerable<string> names, IEnumerable<JsonNode> events)
    {
        var set = new SortedSet<string>(names, StringComparer.Ordinal);
        foreach (var e in events)
        {
            var name = e["object"]!["metadata"]!["name"]!.GetValue<string>();
            if (Type(e) == "DELETED") Assert.True(set.Remove(name));
            else if (Type(e) == "ADDED") Assert.True(set.Add(name));
            else Assert.Contains(name, set);
        }

        return set;
    }

    private static string Type(JsonNode e) => e["type"]!.GetValue<string>();

    private static long Version(JsonNode e) => long.Parse(e["object"]!["metadata"]!["resourceVersion"]!.GetValue<string>());
}
