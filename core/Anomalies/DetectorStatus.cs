namespace ControlPlane.Core.Anomalies;

/// <summary>Whether a detector can judge a step.</summary>
[GenerateSerializer, Alias("cp.DetectorStatus")]
public enum DetectorStatus
{
    /// <summary>There was nothing to judge: the values are missing or not finite.</summary>
    Unknown,

    /// <summary>It is still learning what is ordinary.</summary>
    WarmingUp,

    /// <summary>It judges.</summary>
    Ready,
}
