using ControlPlane.Kubernetes.Api;

namespace ControlPlane.Kubernetes;

/// <summary>A pod as the cache keeps it.</summary>
internal sealed record CachedPod(Core.Metrics.PodStatus Status, IReadOnlyDictionary<string, string>? Labels);

/// <summary>The pods of a namespace, indexed by label so that a workload's are found without looking at all.</summary>
internal sealed class PodMirror(TimeProvider time) : NamespaceMirror<Pod, CachedPod>(pod => new CachedPod(PodReader.Read(pod), pod.Metadata.Labels), time)
{
    private readonly Dictionary<(string Key, string Value), Dictionary<string, CachedPod>> _byLabel = [];

    /// <summary>Matching pods, by name.</summary>
    public IReadOnlyList<Core.Metrics.PodStatus> Select(LabelMatcher matcher)
    {
        lock (Gate)
        {
            IEnumerable<CachedPod> candidates = matcher.RequiredLabel is not { } label ? Items.Values
                : _byLabel.TryGetValue(label, out var found) ? found.Values
                : [];
            return [.. candidates.Where(p => matcher.Matches(p.Labels)).Select(p => p.Status).OrderBy(p => p.Name, StringComparer.Ordinal)];
        }
    }

    protected override void OnCleared() => _byLabel.Clear();

    protected override void OnAdded(string name, CachedPod item)
    {
        foreach (var (key, value) in item.Labels ?? new Dictionary<string, string>())
        {
            if (!_byLabel.TryGetValue((key, value), out var pods)) _byLabel[(key, value)] = pods = new Dictionary<string, CachedPod>(StringComparer.Ordinal);
            pods[name] = item;
        }
    }

    protected override void OnRemoved(string name, CachedPod item)
    {
        foreach (var (key, value) in item.Labels ?? new Dictionary<string, string>())
            if (_byLabel.TryGetValue((key, value), out var pods) && pods.Remove(name) && pods.Count == 0) _byLabel.Remove((key, value));
    }
}
