using ControlPlane.Core.Metrics;

namespace ControlPlane.Core.Anomalies.Health;

/// <summary>
/// Notices when all pods of a workload on one node stop being ready while no other does: a sign so strong that it need not last as long as
/// the trouble of a single pod. Remembers the node for a while, because new pods may still be sent there.
/// </summary>
internal sealed class NodeWatch
{
    private const int FewestPods = 2;
    private const int Steps = 2;
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(10);
    private string? _unready;
    private string? _bad;
    private DateTimeOffset _badSince;

    /// <summary>Takes a step in.</summary>
    public void Look(Observation observation, List<PodLog> pods)
    {
        var node = NodeOfUnready(pods, observation.Time - Steps * observation.Step);
        _unready = node is not null && !pods.Exists(p => p.Status.Node == node && p.ReadySince is not null) ? node : null;
        if (_unready is not null) Remember(_unready, observation.Time);
    }

    /// <summary>Whether all pods on a node have just stopped being ready, and none elsewhere.</summary>
    public bool IsUnready(string? node) => node is not null && node == _unready;

    /// <summary>Whether a node was in trouble lately.</summary>
    public bool IsBad(string node, DateTimeOffset time) => node == _bad && time - _badSince < Memory;

    /// <summary>Remembers a node that is in trouble.</summary>
    public void Remember(string node, DateTimeOffset time) => (_bad, _badSince) = (node, time);

    /// <summary>The node of all pods that stopped being ready, when there are enough and they have been in trouble for long enough.</summary>
    private static string? NodeOfUnready(List<PodLog> pods, DateTimeOffset latest)
    {
        var (node, count) = ((string?)null, 0);
        foreach (var pod in pods)
        {
            if (pod.TroubleSince is not { } since) continue;
            if (pod.Status.Node is not { } own || own != (node ?? own) || since > latest) return null;
            node = own;
            count++;
        }

        return count >= FewestPods ? node : null;
    }
}
