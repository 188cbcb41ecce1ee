namespace ControlPlane.Kubernetes;

/// <summary>How the body of a patch is to be read.</summary>
public enum PatchType
{
    /// <summary>RFC 7386: members replace members, null removes.</summary>
    Merge,

    /// <summary>Kubernetes' own: lists are merged by key.</summary>
    Strategic,

    /// <summary>RFC 6902: a list of operations.</summary>
    Json,
}
