using ControlPlane.Simulation.Cluster;

namespace ControlPlane.Simulation.Api;

/// <summary>What a resource path names: kind, namespace, object, subresource.</summary>
internal sealed record ApiPath(ResourceType Type, string Namespace, string? Name, string? Subresource)
{
    /// <summary>Reads <c>/api/v1/…</c> and <c>/apis/{group}/{version}/…</c>; null when no stored kind is meant.</summary>
    public static ApiPath? Parse(string[] parts)
    {
        if (parts.Length < 3) return null;
        var isCore = parts[0] == "api";
        if (!isCore && (parts[0] != "apis" || parts.Length < 4)) return null;
        var (group, version, rest) = isCore ? ("", parts[1], parts[2..]) : (parts[1], parts[2], parts[3..]);
        var space = "";
        // /namespaces/x is the namespace itself, /namespaces/x/pods something in it; /namespaces/x/status is its subresource.
        if (rest is ["namespaces", var inside, var plural, ..] && plural is not ("status" or "finalize")) (space, rest) = (inside, rest[2..]);
        if (rest.Length is 0 or > 3) return null;
        var type = ResourceTypes.Find(group, version, rest[0]);
        if (type is null || (space.Length > 0 && !type.IsNamespaced)) return null;
        return new ApiPath(type, space, rest.Length > 1 ? rest[1] : null, rest.Length > 2 ? rest[2] : null);
    }
}
