using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using ControlPlane.Simulation.Hosting;

namespace ControlPlane.Silo.Tests.EmbeddedOnly;

/// <summary>A Kubernetes API that does not answer or does not allow: said in the status, and nothing is taken away.</summary>
public sealed class DegradedKubernetesTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Silo_UnreachableApi_SaysSoAndStaysUp(bool useCache)
    {
        var clock = new SimulatedClock(TestCluster.Start, 60);
        await using var silo = await TestSilo.StartAsync(new Uri($"http://127.0.0.1:{ClosedPort()}"), clock, useCache: useCache);
        await silo.RegisterAsync();

        var status = await Eventually.HoldsAsync(silo.StatusAsync, s => s.Problems.Count > 0);

        Assert.Contains(status.Problems, p => p.StartsWith("replicas: 127.0.0.1:", StringComparison.Ordinal) && p.Contains("cannot connect", StringComparison.Ordinal));
        var decided = await Eventually.HoldsAsync(silo.StatusAsync, s => s.DecisionId is not null);
        Assert.Null(decided.CurrentReplicas);
        Assert.All(await silo.Client.GetDecisionsAsync(TestCluster.Id), d => Assert.Equal("Hold", d.Action));
        Assert.Equal("ok", await silo.Http.GetStringAsync("healthz"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Silo_ForbiddingApi_SaysSoAndTakesNothingAway(bool useCache)
    {
        await using var cluster = await TestCluster.StartAsync(requestsPerSecond: 60);
        using var forbidding = new Forbidding();
        await using var silo = await TestSilo.StartAsync(cluster, () => forbidding, useCache);
        await silo.RegisterAsync("mode: Auto\nminReplicas: 6\nmaxReplicas: 30\n");
        await Eventually.HoldsAsync(silo.StatusAsync, s => s.ReadyReplicas >= TestCluster.InitialReplicas);

        forbidding.IsForbidding = true;
        await silo.Client.PutPolicyAsync(TestCluster.Id, "mode: Auto\nminReplicas: 1\nmaxReplicas: 30\nbehavior:\n  scaleDown:\n    stabilizationWindow: 0s\n");
        var status = await Eventually.HoldsAsync(silo.StatusAsync, s => s.Problems.Any(p => p.StartsWith("replicas:", StringComparison.Ordinal)));
        var later = cluster.Cluster.Time + TimeSpan.FromMinutes(5);
        var decisions = await Eventually.HoldsAsync(() => silo.Client.GetDecisionsAsync(TestCluster.Id, 100), d => d[0].Time > later);

        Assert.Contains(status.Problems, p => p.Contains("forbidden: cannot", StringComparison.Ordinal) && p.Contains("grant the verb", StringComparison.Ordinal));
        Assert.All(decisions.Where(d => d.Time > status.Time), d => Assert.Equal("Hold", d.Action));
        Assert.Equal(TestCluster.InitialReplicas, cluster.Replicas);
        Assert.Equal("ok", await silo.Http.GetStringAsync("healthz"));

        // The demand would have allowed fewer all the time: only the missing signals held them.
        forbidding.IsForbidding = false;
        await Eventually.HoldsAsync(() => Task.FromResult(cluster.Replicas), replicas => replicas < TestCluster.InitialReplicas);
        Assert.Empty((await Eventually.HoldsAsync(silo.StatusAsync, s => s.Problems.Count == 0)).Problems);
    }

    private static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Answers as an API server whose role bindings are gone; open watches break.</summary>
    private sealed class Forbidding : DelegatingHandler
    {
        private const string Status = """{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"Forbidden","code":403,"message":"forbidden by the test"}""";
        private volatile CancellationTokenSource _open = new();
        private volatile bool _isForbidding;

        public Forbidding() : base(new SocketsHttpHandler())
        {
        }

        public bool IsForbidding
        {
            get => _isForbidding;
            set
            {
                _isForbidding = value;
                if (value) Interlocked.Exchange(ref _open, new CancellationTokenSource()).Cancel();
            }
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (IsForbidding)
            {
                var answer = new HttpResponseMessage(HttpStatusCode.Forbidden) { RequestMessage = request, Content = new StringContent(Status) };
                answer.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                return answer;
            }
            var response = await base.SendAsync(request, cancellationToken);
            var whole = response.Content;
            response.Content = new StreamContent(new Breakable(await whole.ReadAsStreamAsync(cancellationToken), _open.Token));
            response.Content.Headers.ContentType = whole.Headers.ContentType;
            return response;
        }
    }

    /// <summary>A body that breaks off when told.</summary>
    private sealed class Breakable(Stream inner, CancellationToken broken) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(broken, cancellationToken);
            try
            {
                return await inner.ReadAsync(buffer, either.Token);
            }
            catch (OperationCanceledException) when (broken.IsCancellationRequested)
            {
                throw new IOException("the connection was closed by the test");
            }
        }

        public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
