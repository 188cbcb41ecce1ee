using ControlPlane.Core.Workloads;

namespace ControlPlane.Core.Policies;

/// <summary>Scopes of policies: empty, <c>cluster</c>, <c>cluster/namespace</c>, <c>cluster/namespace/kind/name</c>, from wide to narrow.</summary>
public static class PolicyScope
{
    /// <summary>Whether a workload lies in a scope.</summary>
    public static bool Contains(string scope, WorkloadId workload)
    {
        var text = workload.ToString();
        return scope.Length == 0 || text == scope || (text.StartsWith(scope, StringComparison.Ordinal) && text[scope.Length] == '/');
    }

    /// <summary>The next wider scope; null above the cluster.</summary>
    public static string? Parent(string scope)
    {
        var parts = scope.Split('/');
        return parts.Length switch { 4 => $"{parts[0]}/{parts[1]}", 2 => parts[0], _ => null };
    }
}
