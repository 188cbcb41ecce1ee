using System.Text.Json.Nodes;
using ControlPlane.Core.Metrics;
using ControlPlane.Simulation.Cluster;

namespace ControlPlane.Simulation.Api;

/// <summary>
/// <c>metrics.k8s.io/v1beta1</c> (CPU and memory of pods and nodes) and <c>custom.metrics.k8s.io/v1beta2</c> (demand, latencies and error
/// ratio of workloads), from the same samples that <see cref="Services.SimulatedService.Read"/> gives.
/// </summary>
internal sealed class MetricsEndpoints(SimulatedCluster cluster)
{
    /// <summary>The custom metrics by name and the signal that each shows.</summary>
    public static readonly (string Metric, string Signal)[] Custom =
    [
        ("requests_per_second", SignalNames.Demand), ("latency_p50", SignalNames.LatencyP50), ("latency_p95", SignalNames.LatencyP95),
        ("latency_p99", SignalNames.LatencyP99), ("error_ratio", SignalNames.ErrorRatio),
    ];

    public SimResponse Handle(SimRequest request, string[] parts)
    {
        if (request.Method != "GET") throw ApiError.MethodNotAllowed();
        return parts[1..] switch
        {
            ["metrics.k8s.io", "v1beta1", "pods"] => PodList(request, ""),
            ["metrics.k8s.io", "v1beta1", "namespaces", var space, "pods"] => PodList(request, space),
            ["metrics.k8s.io", "v1beta1", "namespaces", var space, "pods", var pod] => Pod(space, pod),
            ["metrics.k8s.io", "v1beta1", "nodes"] => NodeList(),
            ["metrics.k8s.io", "v1beta1", "nodes", var node] => Node(node),
            ["custom.metrics.k8s.io", "v1beta2", "namespaces", var space, var resource, var name, var metric] => CustomMetric(request, space, resource, name, metric),
            _ => throw ApiError.NotFound(),
        };
    }

    private SimResponse PodList(SimRequest request, string space)
    {
        var labels = LabelSelection.Parse(request.Parameter("labelSelector"));
        var items = Pods(space).Where(p => labels.Matches(p.Json)).Select(ToJson);
        return List("metrics.k8s.io/v1beta1", "PodMetricsList", items);
    }

    private SimResponse Pod(string space, string name)
    {
        foreach (var pod in Pods(space))
        {
            if (pod.Name == name) return new SimResponse { Body = ToJson(pod).ToBytes() };
        }

        throw new ApiError(404, "NotFound", $"podmetrics.metrics.k8s.io \"{space}/{name}\" not found");
    }

    private SimResponse NodeList() => List("metrics.k8s.io/v1beta1", "NodeMetricsList", cluster.Store.List(ResourceTypes.Nodes).Select(n => NodeJson(n.Json.Name())));

    private SimResponse Node(string name)
    {
        if (cluster.Store.Find(ResourceTypes.Nodes, "", name) is null) throw new ApiError(404, "NotFound", $"nodemetrics.metrics.k8s.io \"{name}\" not found");
        return new SimResponse { Body = NodeJson(name).ToBytes() };
    }

    private JsonObject NodeJson(string name)
    {
        double cpu = 0.1, memory = 1L << 30;
        foreach (var pod in Pods("").Where(p => cluster.Store.Find(ResourceTypes.Pods, p.Namespace, p.Name)?.Json.Text("spec", "nodeName") == name))
        {
            cpu += pod.Cpu;
            memory += pod.Memory;
        }

        return new JsonObject
        {
            ["kind"] = "NodeMetrics",
            ["apiVersion"] = "metrics.k8s.io/v1beta1",
            ["metadata"] = new JsonObject { ["name"] = name },
            ["timestamp"] = Json.Time(cluster.Time),
            ["window"] = "15s",
            ["usage"] = Usage(cpu, memory),
        };
    }

    private SimResponse CustomMetric(SimRequest request, string space, string resource, string name, string metric)
    {
        var type = ResourceTypes.All.FirstOrDefault(t => t.Plural == resource || t.QualifiedName == resource) ?? throw ApiError.NotFound();
        var signal = Array.Find(Custom, c => c.Metric == metric).Signal ?? throw ApiError.NotFound($"the server could not find the metric {metric} for {resource}");
        var labels = LabelSelection.Parse(request.Parameter("labelSelector"));
        var items = new List<JsonNode?>();
        foreach (var workload in cluster.Workloads.Where(w => w.Type == type && w.Namespace == space && (name == "*" || w.Name == name)))
        {
            if (name == "*" && !(cluster.Store.Find(type, space, workload.Name) is { } stored && labels.Matches(stored.Json))) continue;
            var sample = workload.Service.VisibleSamples().FirstOrDefault(s => s.Pod is null && s.Signal == signal);
            if (sample is not null) items.Add(Value(type, workload, metric, sample));
        }

        if (items.Count == 0 && name != "*") throw ApiError.NotFound($"the server could not find the metric {metric} for {resource} {name}");
        return List("custom.metrics.k8s.io/v1beta2", "MetricValueList", items);
    }

    private static JsonObject Value(ResourceType type, SimulatedWorkload workload, string metric, MetricSample sample) => new()
    {
        ["describedObject"] = new JsonObject { ["kind"] = type.Kind, ["namespace"] = workload.Namespace, ["name"] = workload.Name, ["apiVersion"] = type.ApiVersion },
        ["metric"] = new JsonObject { ["name"] = metric },
        ["timestamp"] = Json.Time(sample.Timestamp),
        ["windowSeconds"] = (int)workload.Service.Load.Step.TotalSeconds,
        ["value"] = Quantities.Milli((long)Math.Round(sample.Value * 1000)),
    };

    /// <summary>Usage of the running pods of a namespace; of all when it is empty.</summary>
    private IEnumerable<PodUsage> Pods(string space)
    {
        foreach (var workload in cluster.Workloads)
        {
            if (space.Length > 0 && workload.Namespace != space) continue;
            var samples = workload.Service.VisibleSamples();
            for (var i = 0; i + 1 < samples.Length; i++)
            {
                // A pod's memory follows its CPU.
                if (samples[i] is not { Signal: SignalNames.Cpu, Pod: { } name }) continue;
                if (cluster.Store.Find(ResourceTypes.Pods, workload.Namespace, name) is not { } pod) continue;
                yield return new PodUsage(workload, name, pod.Json, samples[i].Timestamp, samples[i].Value, samples[i + 1].Value);
            }
        }
    }

    private static JsonObject ToJson(PodUsage pod)
    {
        var containers = (pod.Json.At("spec", "containers") as JsonArray ?? []).Select(c => c.Text("name") ?? "main").ToArray();
        return new JsonObject
        {
            ["kind"] = "PodMetrics",
            ["apiVersion"] = "metrics.k8s.io/v1beta1",
            ["metadata"] = new JsonObject { ["name"] = pod.Name, ["namespace"] = pod.Namespace, ["labels"] = pod.Json.At("metadata", "labels")?.DeepClone() },
            ["timestamp"] = Json.Time(pod.Time),
            ["window"] = $"{(int)pod.Workload.Service.Load.Step.TotalSeconds}s",
            // The first container does the work.
            ["containers"] = Json.Array(containers.Select((c, i) => (JsonNode?)new JsonObject { ["name"] = c, ["usage"] = i == 0 ? Usage(pod.Cpu, pod.Memory) : Usage(0, 0) })),
        };
    }

    private static JsonObject Usage(double cores, double bytes) => new()
    {
        ["cpu"] = Quantities.Cpu((long)Math.Round(cores * 1000)),
        ["memory"] = $"{(long)Math.Round(bytes / 1024)}Ki",
    };

    private SimResponse List(string apiVersion, string kind, IEnumerable<JsonNode?> items) => new()
    {
        Body = new JsonObject
        {
            ["kind"] = kind,
            ["apiVersion"] = apiVersion,
            ["metadata"] = new JsonObject { ["resourceVersion"] = cluster.Store.Version.ToString(System.Globalization.CultureInfo.InvariantCulture) },
            ["items"] = Json.Array(items.ToArray()),
        }.ToBytes(),
    };

    private sealed record PodUsage(SimulatedWorkload Workload, string Name, JsonObject Json, DateTimeOffset Time, double Cpu, double Memory)
    {
        public string Namespace => Workload.Namespace;
    }
}
