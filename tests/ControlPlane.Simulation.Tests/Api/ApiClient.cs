using System.Text;
using System.Text.Json.Nodes;
using ControlPlane.Simulation.Api;
using ControlPlane.Simulation.Cluster;
using ControlPlane.Simulation.Services;
using ControlPlane.Simulation.Traces;

namespace ControlPlane.Simulation.Tests.Api;

/// <summary>Speaks to a simulated API in memory, as a client would.</summary>
internal sealed class ApiClient
{
    public const string Shop = "/apis/apps/v1/namespaces/shop";

    public static readonly DateTimeOffset Start = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly TimeSpan Tick = TimeSpan.FromSeconds(15);

    public ApiClient(SimulatedClusterOptions? options = null, TimeProvider? clock = null, ulong seed = 1)
    {
        Cluster = new SimulatedCluster("test", Start, seed, options);
        Api = new SimulatedApi(Cluster, clock);
        Http = new HttpClient(new SimulatedApiHandler(Api, clock)) { BaseAddress = new Uri("http://simulated"), Timeout = Timeout.InfiniteTimeSpan };
        Http.DefaultRequestHeaders.UserAgent.ParseAdd("test/1");
    }

    public SimulatedCluster Cluster { get; }

    public SimulatedApi Api { get; }

    public HttpClient Http { get; }

    public static ApiClient WithService(double load = 100, int replicas = 3, SimulatedClusterOptions? options = null, TimeProvider? clock = null)
    {
        var client = new ApiClient(options, clock);
        client.Cluster.AddService("shop", "web", new ServiceProfile { InitialReplicas = replicas }, LoadSeries.Constant(load));
        return client;
    }

    public void Advance(int ticks) => Cluster.AdvanceTo(Cluster.Time + ticks * Tick);

    /// <summary>Sends a request; the answer must be there at once.</summary>
    public (int Status, JsonNode Json) Send(string method, string path, string? body = null, string contentType = "application/json", string? accept = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, contentType);
        if (accept is not null) request.Headers.Accept.ParseAdd(accept);
        var task = Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.True(task.IsCompleted, "the answer was not synchronous");
        using var response = task.GetAwaiter().GetResult();
        var text = new StreamReader(response.Content.ReadAsStream()).ReadToEnd();
        return ((int)response.StatusCode, text.StartsWith('{') ? JsonNode.Parse(text)! : JsonValue.Create(text));
    }

    public JsonNode Get(string path)
    {
        var (status, json) = Send("GET", path);
        Assert.True(status == 200, json.ToJsonString());
        return json;
    }

    public WatchStream Watch(string path)
    {
        var question = path.IndexOf('?', StringComparison.Ordinal);
        var query = path[(question + 1)..].Split('&').Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => Uri.UnescapeDataString(p[1]));
        query["watch"] = "true";
        var response = Api.HandleAsync(new SimRequest { Method = "GET", Path = path[..question], Query = System.Collections.Immutable.ImmutableDictionary.CreateRange(query) });
        Assert.True(response.IsCompletedSuccessfully);
        return response.Result.Watch ?? throw new InvalidOperationException(Encoding.UTF8.GetString(response.Result.Body.Span));
    }

    public static List<JsonNode> Drain(WatchStream watch)
    {
        var events = new List<JsonNode>();
        while (watch.TryRead() is { } line) events.Add(JsonNode.Parse(line.Span)!);
        return events;
    }
}
