using ControlPlane.Simulation.Cluster;

namespace ControlPlane.Simulation.Api;

/// <summary>Which objects a list or a watch is about: kind, namespace, labels, fields.</summary>
internal sealed class ObjectSelection
{
    private readonly LabelSelection _labels;
    private readonly List<(string[] Path, bool IsEqual, string Value)> _fields = [];
    private readonly string _namespace;

    public ObjectSelection(ApiPath path, SimRequest request)
    {
        Type = path.Type == ResourceTypes.NewEvents ? ResourceTypes.Events : path.Type;
        _namespace = path.Namespace;
        _labels = LabelSelection.Parse(request.Parameter("labelSelector"));
        foreach (var part in (request.Parameter("fieldSelector") ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)) _fields.Add(Field(part));
        if (path.Name is not null) _fields.Add((["metadata", "name"], true, path.Name));
    }

    public ResourceType Type { get; }

    public bool Matches(StoredObject obj)
    {
        if (obj.Type != Type) return false;
        if (_namespace.Length > 0 && obj.Json.Namespace() != _namespace) return false;
        foreach (var (path, isEqual, value) in _fields)
        {
            if (((obj.Json.Text(path) ?? Default(path)) == value) != isEqual) return false;
        }

        return _labels.Matches(obj.Json);
    }

    /// <summary>Fields that the server writes only when they are set compare as their zero value.</summary>
    private static string Default(string[] path) => path is ["spec", "unschedulable"] ? "false" : "";

    private static (string[], bool, string) Field(string part)
    {
        foreach (var (sign, isEqual) in new[] { ("!=", false), ("==", true), ("=", true) })
        {
            var at = part.IndexOf(sign, StringComparison.Ordinal);
            if (at > 0) return (part[..at].Split('.'), isEqual, part[(at + sign.Length)..]);
        }

        throw ApiError.BadRequest($"invalid field selector: '{part}'");
    }
}
