using System.Globalization;
using System.Text.RegularExpressions;
using ControlPlane.Simulation.Cluster;

namespace ControlPlane.Cluster.Tests.Processes;

/// <summary>One write of replicas that the cluster took, and the decision that it carried out.</summary>
internal sealed partial record WriteAudit(string Path, string Decision, long Epoch, long Sequence, DateTimeOffset Time)
{
    /// <summary>The writes that the cluster took, oldest first. A write whose answer was lost counts: it may have landed.</summary>
    public static IReadOnlyList<WriteAudit> Of(SimulatedCluster cluster) =>
    [
        .. cluster.Audit
            .Where(entry => entry.Path.EndsWith("/scale", StringComparison.Ordinal) && entry.Verb == "PUT" && entry.StatusCode is 0 or 200)
            .Select(Read),
    ];

    /// <summary>No decision was carried out twice, and none of an older epoch (or of the same, but made earlier) after a newer one.</summary>
    public static void AssertFenced(IReadOnlyList<WriteAudit> writes)
    {
        Assert.Empty(writes.GroupBy(write => write.Decision).Where(group => group.Count() > 1).Select(group => group.Key));
        foreach (var service in writes.GroupBy(write => write.Path))
        {
            foreach (var (before, after) in service.Zip(service.Skip(1)))
                Assert.True((after.Epoch, after.Sequence).CompareTo((before.Epoch, before.Sequence)) > 0, $"{after.Decision} was written after {before.Decision}");
        }
    }

    private static WriteAudit Read(AuditEntry entry)
    {
        var match = Agent().Match(entry.UserAgent);
        Assert.True(match.Success, $"a write by '{entry.UserAgent}' names no decision");
        var id = match.Groups["id"].Value;
        var sequence = long.Parse(id[(id.LastIndexOf('.') + 1)..], CultureInfo.InvariantCulture);
        return new WriteAudit(entry.Path, id, long.Parse(match.Groups["epoch"].Value, CultureInfo.InvariantCulture), sequence, entry.Time);
    }

    [GeneratedRegex(@"\(decision (?<id>\S+); epoch (?<epoch>\d+)\)")]
    private static partial Regex Agent();
}
