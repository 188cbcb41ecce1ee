namespace ControlPlane.Core.Anomalies.Health;

/// <summary>What is wrong with a pod, from what its users and its neighbours notice.</summary>
[GenerateSerializer, Alias("cp.PodFaultKind")]
public enum PodFaultKind
{
    /// <summary>Unlike its peers, without harm: reported and nothing else.</summary>
    Odd,

    /// <summary>It answers with many more errors than its peers.</summary>
    Errors,

    /// <summary>It is much slower than its peers, and slower than the objective.</summary>
    Slow,

    /// <summary>It is ready and does nothing while its peers work.</summary>
    Hung,

    /// <summary>Its memory has grown far beyond its peers' and its request.</summary>
    MemoryLeak,

    /// <summary>Its containers end again and again.</summary>
    CrashLoop,

    /// <summary>It was ready once and has not been for longer than a restart takes.</summary>
    NotReady,
}
