namespace ControlPlane.Kubernetes;

/// <summary>How a write tells who makes it.</summary>
/// <param name="FieldManager">Owner of the changed fields in <c>managedFields</c>; null: the server's default.</param>
/// <param name="UserAgent">User-Agent of this request, which the audit log shows; null: the client's.</param>
public sealed record WriteOptions(string? FieldManager = null, string? UserAgent = null);
