namespace ControlPlane.Core.Anomalies.Health;

/// <summary>When something counts as a fault of a pod.</summary>
public sealed record HealthOptions
{
    /// <summary>
    /// Harm that must gather before a pod is faulty. A step adds how many times its harm exceeds what is harmful, at most 4, or 6 while the
    /// workload misses its objective or when the pod fails altogether; less than 4 times count a third while it keeps it. A step without harm
    /// takes 2 off. So very strong harm counts after 2 steps, strong harm after 3, weak harm after 12, or 36. Default 12.
    /// </summary>
    public double HarmNeeded { get; init; } = 12;

    /// <summary>Steps in a row that a pod must be apart without harm before it is reported. Default 40.</summary>
    public int OddSteps { get; init; } = 40;

    /// <summary>Steps in a row that the workload must miss its objective before a common cause is looked for. Default 3.</summary>
    public int BreachedSteps { get; init; } = 3;

    /// <summary>Share of errors beyond the peers' that does harm, a fraction. Default 0.1.</summary>
    public double ErrorShare { get; init; } = 0.1;

    /// <summary>How many times slower than its peers a pod must be. Default 2.5.</summary>
    public double SlowFactor { get; init; } = 2.5;

    /// <summary>Memory beyond the peers', as a share of the request, that is a leak. Default 0.4.</summary>
    public double LeakShare { get; init; } = 0.4;

    /// <summary>Memory ÷ request below which nothing is a leak. Default 1.</summary>
    public double LeakLevel { get; init; } = 1;

    /// <summary>Restarts within <see cref="CrashWindow"/> that are a crash loop. Default 2: the kubelet backs off from then on.</summary>
    public int CrashRestarts { get; init; } = 2;

    /// <summary>Time within which restarts count. Default 10 min.</summary>
    public TimeSpan CrashWindow { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a pod that was ready may be unready, at least; one and a half of the measured start-up when that is longer. Default 60 s.</summary>
    public TimeSpan UnreadyAtLeast { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long after it became ready only the errors of a pod are compared with its peers': caches are cold. Default 60 s.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How young the pods of a new release are. Default 20 min.</summary>
    public TimeSpan ReleaseAge { get; init; } = TimeSpan.FromMinutes(20);

    /// <summary>Age past which a sample says nothing about now. Default 90 s.</summary>
    public TimeSpan OldestSample { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>How far ahead of us a sample's clock may be. Default 30 s.</summary>
    public TimeSpan EarliestSample { get; init; } = TimeSpan.FromSeconds(30);
}
