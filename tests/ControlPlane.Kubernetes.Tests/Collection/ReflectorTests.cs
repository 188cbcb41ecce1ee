using ControlPlane.Kubernetes.Api;
using ControlPlane.Kubernetes.Tests.Support;

namespace ControlPlane.Kubernetes.Tests.Collection;

public sealed class ReflectorTests
{
    private const int Seeds = 100;
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public void Run_RandomChangesAndBreaks_LosesAndRepeatsNothing()
    {
        var events = Enumerable.Range(0, Seeds).Sum(RunSeed);
        Assert.True(events > Seeds * 20, $"only {events} events");
    }

    [Fact]
    public void Run_TooOldVersion_ListsAgain()
    {
        var rounds = 0;
        var (server, sink) = Run(
            s =>
            {
                rounds++;
                s.Set("a1", "Running");
                if (rounds == 3) s.Compact();
                return WatchEnd.Regular;
            },
            TimeSpan.FromSeconds(8));
        Assert.Equal(2, server.Lists);
        Assert.Equal(2, sink.Replaced);
        Assert.Equal(server.Version, sink.LastVersion);
    }

    [Fact]
    public void Run_BookmarkBeforeCompaction_NeedsNoNewList()
    {
        var rounds = 0;
        var (server, _) = Run(
            s =>
            {
                if (++rounds == 1) s.ChangeElsewhere();
                else s.Compact();
                return WatchEnd.Bookmark;
            },
            TimeSpan.FromSeconds(10));
        Assert.True(rounds > 2);
        Assert.Equal(1, server.Lists);
    }

    [Fact]
    public void Run_ServerUnreachable_WaitsLongerAndLonger()
    {
        var (_, sink) = Run(_ => WatchEnd.Refused, TimeSpan.FromMinutes(5));
        // 1 s for each watch, then 0.375, 0.75, 1.5 … up to 22.5 s.
        Assert.InRange(sink.Failures, 12, 22);
    }

    [Fact]
    public void Run_EveryWatchEndsAtOnce_IsNoTightLoop()
    {
        var rounds = 0;
        Run(
            _ =>
            {
                rounds++;
                return WatchEnd.Regular;
            },
            TimeSpan.FromMinutes(5));
        Assert.InRange(rounds, 12, 22);
    }

    [Fact]
    public void Run_SilentWatch_IsGivenUpAndTriedAgain()
    {
        var handler = new ScriptedHandler((r, token) => r.Query.Contains("watch=true")
            ? Task.FromResult(new HttpResponseMessage { Content = new StreamContent(new SilentStream()) })
            : Task.FromResult(ScriptedHandler.Json(new KubernetesList<Pod> { Metadata = new ListMeta("5") })));
        Follow(handler, new Recorder(), TimeSpan.FromMinutes(12));
        Assert.Equal(3, handler.Requests.Count(r => r.Query.Contains("watch=true")));
        Assert.Contains("timeoutSeconds=300", handler.Requests[1].Query);
    }

    private int RunSeed(int seed)
    {
        var random = new Random(seed);
        var (server, sink) = Run(
            s =>
            {
                for (var i = random.Next(4); i > 0; i--)
                {
                    var name = $"{(char)('a' + random.Next(3))}{random.Next(3)}";
                    if (random.Next(3) == 0) s.Remove(name);
                    else s.Set(name, random.Next(2) == 0 ? "Pending" : "Running");
                }

                if (random.Next(10) == 0) s.Compact();
                return (WatchEnd)random.Next(5);
            },
            TimeSpan.FromMinutes(1));

        Assert.True(sink.Problem is null, $"seed {seed}: {sink.Problem}");
        var missed = server.History.Where(h => h.Version <= sink.LastVersion && !sink.Covered.Contains(h.Version)).ToList();
        Assert.True(missed.Count == 0, $"seed {seed}: events {string.Join(',', missed.Select(m => m.Version))} were lost");
        return sink.Events;
    }

    private (WatchServer Server, Recorder Sink) Run(Func<WatchServer, WatchEnd> round, TimeSpan duration)
    {
        var server = new WatchServer(_time, round);
        server.Set("a0", "Running");
        var sink = new Recorder();
        Follow(new ScriptedHandler(server.Answer), sink, duration);
        return (server, sink);
    }

    private void Follow(ScriptedHandler handler, Recorder sink, TimeSpan duration)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        using var stop = new CancellationTokenSource();
        var client = new KubernetesClient(handler, ScriptedHandler.Server, _time);
        var backoff = new Backoff { Initial = TimeSpan.FromMilliseconds(500), Max = TimeSpan.FromSeconds(30) };
        var task = new Reflector<Pod>(client, KubernetesResource.Pods("shop"), null, sink, backoff, _time, () => 0.5).RunAsync(stop.Token);
        _time.Advance(duration);
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => task.GetAwaiter().GetResult());
        SynchronizationContext.SetSynchronizationContext(context);
    }

    /// <summary>Checks that versions only rise, and remembers which changes were seen one by one or through a list.</summary>
    private sealed class Recorder : IReflectorSink<Pod>
    {
        public int LastVersion { get; private set; }

        public HashSet<int> Covered { get; } = [];

        public int Events { get; private set; }

        public int Replaced { get; private set; }

        public int Failures { get; private set; }

        public string? Problem { get; private set; }

        public void Replace(IEnumerable<Pod> items)
        {
            Replaced++;
            // A list stands for every change up to it; its version is at least its newest item's.
            var newest = items.Select(Version).DefaultIfEmpty(0).Max();
            for (var version = 0; version <= Math.Max(newest, LastVersion); version++) Covered.Add(version);
            LastVersion = Math.Max(newest, LastVersion);
            _afterList = true;
        }

        private bool _afterList;

        public void Apply(string type, Pod item)
        {
            var version = Version(item);
            if (version <= LastVersion) Problem ??= $"event {version} came after {LastVersion}";
            if (!_afterList && version != LastVersion + 1) Problem ??= $"event {version} came after {LastVersion}: some are lost";
            if (_afterList)
                for (var v = LastVersion + 1; v < version; v++) Covered.Add(v); // Deletions before the list are in it by their absence.
            _afterList = false;
            Events++;
            LastVersion = version;
            Covered.Add(version);
        }

        public void Touch()
        {
        }

        public void Fail(KubernetesException error) => Failures++;

        private static int Version(Pod pod) => int.Parse(pod.Metadata.ResourceVersion!, System.Globalization.CultureInfo.InvariantCulture);
    }

    private sealed class SilentStream : MemoryStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await new TaskCompletionSource().Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            return 0;
        }
    }
}
