using System.Globalization;
using System.Text.Json.Nodes;
using ControlPlane.Core.Metrics;
using ControlPlane.Simulation.Randomness;
using ControlPlane.Simulation.Services;
using ControlPlane.Simulation.Traces;

namespace ControlPlane.Simulation.Tests.Api;

public sealed class MetricsTests
{
    private static readonly (string Metric, string Signal)[] Metrics =
    [
        ("requests_per_second", SignalNames.Demand), ("latency_p50", SignalNames.LatencyP50), ("latency_p95", SignalNames.LatencyP95),
        ("latency_p99", SignalNames.LatencyP99), ("error_ratio", SignalNames.ErrorRatio),
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Api_AnyState_TellsTheSameNumbersAsTheReading(ulong seed)
    {
        var client = new ApiClient(seed: seed);
        var random = new SeededRandom(seed);
        var load = LoadSeries.FromRates(Enumerable.Range(0, 400).Select(i => 180 + 170 * Math.Sin(i / 15.0) + random.NextDouble()));
        var service = client.Cluster.AddService("shop", "web", new ServiceProfile { Startup = StartupTime.LogNormal(TimeSpan.FromSeconds(40), 0.5) }, load);
        service.Inject(FaultSchedule.Seeded(seed, ApiClient.Start, TimeSpan.FromHours(2), 60));
        for (var tick = 0; tick < 350; tick++)
        {
            client.Advance(1);
            if (random.NextDouble() < 0.2) Scale(client, 1 + random.Next(10));
            var reading = client.Cluster.Read("shop", "web");
            AssertPods(client, reading);
            AssertSamples(client, reading);
        }
    }

    [Fact]
    public void Api_AndDirectCalls_RunOneModel()
    {
        var profile = new ServiceProfile { InitialReplicas = 3 };
        var load = LoadSeries.FromRates(Enumerable.Range(0, 300).Select(i => 150 + 140 * Math.Sin(i / 20.0)));
        var client = new ApiClient();
        client.Cluster.AddService("shop", "web", profile, load);
        var direct = new SimulatedService(profile, load, 9, ApiClient.Start, 3);
        for (var tick = 1; tick < 300; tick++)
        {
            client.Advance(1);
            direct.AdvanceTo(ApiClient.Start + tick * ApiClient.Tick);
            var wanted = 1 + tick / 10 % 6;
            Scale(client, wanted);
            direct.Scale(wanted);
            var (a, b) = (client.Cluster.Read("shop", "web"), direct.Read());
            Assert.Equal(Values(b), Values(a));
            Assert.Equal(b.Pods!.Value.Count(p => p.IsReady == true), a.Pods!.Value.Count(p => p.IsReady == true));
        }

        Assert.Equal(direct.Outcome, client.Cluster.Outcome("shop", "web"));
    }

    /// <summary>The names of pods come from the seed and with them their order.</summary>
    private static IEnumerable<(string, DateTimeOffset, double)> Values(WorkloadReading reading) => reading.Samples.Select(s => (s.Signal, s.Timestamp, s.Value)).Order();

    [Fact]
    public void Cpu_PodsRegroupedBetweenTicks_StaysWhatItWas()
    {
        var client = ApiClient.WithService();
        client.Advance(1);
        var before = Cpu(client);
        client.Cluster.FindService("shop", "web")!.Scale(2);
        var node = client.Get("/api/v1/namespaces/shop/pods")["items"]![0]!["spec"]!["nodeName"]!.GetValue<string>();
        client.Cluster.LoseNode(node, client.Cluster.Time + TimeSpan.FromMinutes(5));

        Assert.Equal(before[0], Assert.Single(Cpu(client)));

        static double[] Cpu(ApiClient client) => [.. client.Cluster.Read("shop", "web").Samples.Where(s => s.Signal == SignalNames.Cpu).Select(s => s.Value)];
    }

    [Fact]
    public void CustomMetric_ScrapeLost_IsNotFound()
    {
        var client = ApiClient.WithService();
        client.Cluster.FindService("shop", "web")!.Inject(new ServiceFault { Time = ApiClient.Start, Kind = ServiceFaultKind.ScrapeLoss, Duration = TimeSpan.FromMinutes(1) });
        client.Advance(1);
        Assert.Equal(404, client.Send("GET", Custom("requests_per_second")).Status);
        Assert.Empty(client.Get("/apis/metrics.k8s.io/v1beta1/pods")["items"]!.AsArray());
        client.Advance(5);
        Assert.Equal("100", client.Get(Custom("requests_per_second"))["items"]![0]!["value"]!.GetValue<string>());
    }

    private static string Custom(string metric) => $"/apis/custom.metrics.k8s.io/v1beta2/namespaces/shop/deployments.apps/web/{metric}";

    private static void Scale(ApiClient client, int replicas) =>
        client.Send("PATCH", $"{ApiClient.Shop}/deployments/web/scale", $"{{\"spec\":{{\"replicas\":{replicas}}}}}", "application/merge-patch+json");

    private static void AssertPods(ApiClient client, WorkloadReading reading)
    {
        var told = client.Get("/api/v1/namespaces/shop/pods?labelSelector=app%3Dweb")["items"]!.AsArray().Select(p => ToStatus(p!)).ToArray();
        Assert.Equal(reading.Pods!.Value.ToArray(), told);
        Assert.Equal(reading.CurrentReplicas, client.Get($"{ApiClient.Shop}/deployments/web/scale")["spec"]!["replicas"]!.GetValue<int>());
    }

    private static void AssertSamples(ApiClient client, WorkloadReading reading)
    {
        var told = new List<MetricSample>();
        foreach (var (metric, signal) in Metrics)
        {
            var (status, json) = client.Send("GET", Custom(metric));
            if (status == 404) continue;
            var item = json["items"]![0]!;
            told.Add(new MetricSample { Signal = signal, Timestamp = Time(item["timestamp"])!.Value, Value = Quantity(item["value"]) });
        }

        foreach (var pod in client.Get("/apis/metrics.k8s.io/v1beta1/namespaces/shop/pods")["items"]!.AsArray())
        {
            var (name, time, usage) = (pod!["metadata"]!["name"]!.GetValue<string>(), Time(pod["timestamp"])!.Value, pod["containers"]![0]!["usage"]!);
            told.Add(new MetricSample { Signal = SignalNames.Cpu, Timestamp = time, Value = Quantity(usage["cpu"]), Pod = name });
            told.Add(new MetricSample { Signal = SignalNames.Memory, Timestamp = time, Value = Quantity(usage["memory"]), Pod = name });
        }

        // Metrics of a pod that is gone meanwhile are not told.
        var names = reading.Pods!.Value.Select(p => p.Name).ToHashSet();
        Assert.Equal(reading.Samples.Where(s => s.Pod is null || names.Contains(s.Pod)), told);
    }

    private static PodStatus ToStatus(JsonNode pod)
    {
        var ready = pod["status"]!["conditions"]!.AsArray().SingleOrDefault(c => c!["type"]!.GetValue<string>() == "Ready");
        var requests = pod["spec"]!["containers"]![0]!["resources"]!["requests"]!;
        var containers = pod["status"]!["containerStatuses"]?.AsArray();
        return new PodStatus
        {
            Name = pod["metadata"]!["name"]!.GetValue<string>(),
            Phase = Enum.Parse<PodPhase>(pod["status"]!["phase"]!.GetValue<string>()),
            IsReady = ready is null ? null : ready["status"]!.GetValue<string>() == "True",
            CreatedAt = Time(pod["metadata"]!["creationTimestamp"]),
            StartedAt = Time(pod["status"]!["startTime"]),
            ReadyChangedAt = Time(ready?["lastTransitionTime"]),
            CpuRequestMillicores = (long)Math.Round(Quantity(requests["cpu"]) * 1000),
            MemoryRequestBytes = (long)Quantity(requests["memory"]),
            Node = pod["spec"]!["nodeName"]?.GetValue<string>(),
            RestartCount = containers?.Sum(c => c!["restartCount"]!.GetValue<int>()),
            LastTermination = containers?.Select(c => c!["lastState"]?["terminated"]?["reason"]?.GetValue<string>()).FirstOrDefault(reason => reason is not null),
        };
    }

    private static DateTimeOffset? Time(JsonNode? text) => text is null ? null : DateTimeOffset.Parse(text.GetValue<string>(), CultureInfo.InvariantCulture);

    private static double Quantity(JsonNode? node) => node!.GetValue<string>() switch
    {
        ['0'] => 0,
        [.. var text, 'm'] => long.Parse(text, CultureInfo.InvariantCulture) / 1000.0,
        [.. var text, 'K', 'i'] => long.Parse(text, CultureInfo.InvariantCulture) * 1024.0,
        [.. var text, 'M', 'i'] => long.Parse(text, CultureInfo.InvariantCulture) * 1048576.0,
        var text => long.Parse(text, CultureInfo.InvariantCulture),
    };
}
