namespace ControlPlane.Kubernetes;

/// <summary>Which objects a list or a watch covers.</summary>
/// <param name="LabelSelector">Only objects with these labels; null or empty: all.</param>
/// <param name="FieldSelector">Only objects with these fields; null or empty: all.</param>
public sealed record ListOptions(string? LabelSelector = null, string? FieldSelector = null)
{
    internal IEnumerable<(string Key, string Value)> Query()
    {
        if (!string.IsNullOrEmpty(LabelSelector)) yield return ("labelSelector", LabelSelector);
        if (!string.IsNullOrEmpty(FieldSelector)) yield return ("fieldSelector", FieldSelector);
    }
}
