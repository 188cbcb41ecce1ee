using System.Globalization;
using System.Text;
using System.Text.Json;
using ControlPlane.Kubernetes.Api;

namespace ControlPlane.Kubernetes.Tests.Support;

/// <summary>
/// Keeps pods and their whole history, and serves lists and watches of it that break off in every way: after each request it plays the next
/// round of its script, which changes the pods and says how the watch ends.
/// </summary>
internal sealed class WatchServer(ManualTimeProvider time, Func<WatchServer, WatchEnd> round)
{
    private readonly List<(int Version, string Type, Pod Pod)> _history = [];
    private readonly SortedDictionary<string, Pod> _pods = new(StringComparer.Ordinal);
    private int _oldest;

    public int Version { get; private set; } = 1;

    public int Lists { get; private set; }

    public IReadOnlyDictionary<string, Pod> Pods => _pods;

    public IReadOnlyList<(int Version, string Type, Pod Pod)> History => _history;

    public void Set(string name, string phase)
    {
        Version++;
        var pod = new Pod { Metadata = new ObjectMeta(Name: name, ResourceVersion: Text(Version), Labels: new Dictionary<string, string> { ["app"] = name[..1] }), Status = new PodStatus(phase) };
        _history.Add((Version, _pods.ContainsKey(name) ? WatchEventTypes.Modified : WatchEventTypes.Added, pod));
        _pods[name] = pod;
    }

    public void Remove(string name)
    {
        if (!_pods.Remove(name, out var pod)) return;
        Version++;
        _history.Add((Version, WatchEventTypes.Deleted, pod with { Metadata = pod.Metadata with { ResourceVersion = Text(Version) } }));
    }

    /// <summary>Other collections of the cluster change.</summary>
    public void ChangeElsewhere() => Version += 10;

    /// <summary>Forgets the history: watches from before are too old.</summary>
    public void Compact() => _oldest = Version;

    public Task<HttpResponseMessage> Answer(Received request, CancellationToken cancellationToken) =>
        request.Query.Contains("watch=true") ? Watch(request, cancellationToken) : Task.FromResult(List());

    private HttpResponseMessage List()
    {
        Lists++;
        return ScriptedHandler.Json(new KubernetesList<Pod> { Metadata = new ListMeta(Text(Version)), Items = [.. _pods.Values] });
    }

    private async Task<HttpResponseMessage> Watch(Received request, CancellationToken cancellationToken)
    {
        var from = int.Parse(System.Web.HttpUtility.ParseQueryString(request.Query)["resourceVersion"]!, CultureInfo.InvariantCulture);
        await Task.Delay(TimeSpan.FromSeconds(1), time, cancellationToken).ConfigureAwait(false);
        var end = round(this);
        if (end == WatchEnd.Refused) throw new HttpRequestException(HttpRequestError.ConnectionError, "connection refused");
        if (from < _oldest) return end == WatchEnd.Bookmark ? ScriptedHandler.Fault(410, "Expired") : Stream(Line(WatchEventTypes.Error, new Status { Code = 410, Reason = "Expired" }));

        var text = new StringBuilder();
        foreach (var (version, type, pod) in _history)
            if (version > from) text.Append(Line(type, pod));
        if (end == WatchEnd.Bookmark) text.Append(Line(WatchEventTypes.Bookmark, new Pod { Metadata = new ObjectMeta(ResourceVersion: Text(Version)) }));
        if (end == WatchEnd.ErrorEvent) text.Append(Line(WatchEventTypes.Error, new Status { Code = 500, Reason = "InternalError" }));
        if (end == WatchEnd.MidLine && text.Length > 10) text.Length -= 10;
        return Stream(text.ToString());
    }

    private static string Line<T>(string type, T body) => JsonSerializer.Serialize(new WatchEvent<T>(type, body), KubernetesJson.Options) + "\n";

    private static HttpResponseMessage Stream(string text) => ScriptedHandler.Text(text);

    private static string Text(int version) => version.ToString(CultureInfo.InvariantCulture);
}

/// <summary>How a watch ends after its events.</summary>
internal enum WatchEnd
{
    Regular,
    Bookmark,
    MidLine,
    ErrorEvent,
    Refused,
}
