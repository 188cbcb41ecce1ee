namespace ControlPlane.Simulation.Services;

/// <summary>What a simulated service is like: its capacity, its speed, its start-up and its objective.</summary>
public sealed record ServiceProfile
{
    /// <summary>Requests per second that one pod completes with its whole CPU request. Default 50.</summary>
    public double CapacityPerPod { get; init; } = 50;

    /// <summary>CPU request of a pod in thousandths of a core; a pod at capacity uses all of it. Default 500.</summary>
    public int CpuRequestMillicores { get; init; } = 500;

    /// <summary>CPU that a pod uses without load, thousandths of a core. Default 10.</summary>
    public int CpuIdleMillicores { get; init; } = 10;

    /// <summary>Mean response time without queueing. Default 50 ms.</summary>
    public TimeSpan BaseServiceTime { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Time from creation to readiness. Default: constantly 45 s.</summary>
    public StartupTime Startup { get; init; } = StartupTime.Constant(TimeSpan.FromSeconds(45));

    /// <summary>A request that takes longer fails. Default 5 s.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Requests that would queue longer are refused at once. Default 2 s.</summary>
    public TimeSpan MaxQueueDelay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A request slower than this, or failed, violates the objective. Default 500 ms.</summary>
    public TimeSpan ObjectiveLatency { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The share of requests that must keep the objective, a fraction in (0, 1). Default 0.95.</summary>
    public double ObjectivePercentile { get; init; } = 0.95;

    /// <summary>Pods at the start. Default 3.</summary>
    public int InitialReplicas { get; init; } = 3;

    /// <summary>Memory request of a pod, bytes. Default 256 MiB.</summary>
    public long MemoryRequestBytes { get; init; } = 256L << 20;

    /// <summary>Memory limit of a pod, bytes: past it the pod is killed. Default 512 MiB.</summary>
    public long MemoryLimitBytes { get; init; } = 512L << 20;

    /// <summary>Memory that a pod uses without load, bytes. Default 128 MiB.</summary>
    public long MemoryIdleBytes { get; init; } = 128L << 20;

    /// <summary>Memory that a pod uses on top at full load, bytes. Default 64 MiB.</summary>
    public long MemoryLoadBytes { get; init; } = 64L << 20;

    /// <summary>How requests are spread. Default round robin.</summary>
    public LoadBalancing Balancing { get; init; } = LoadBalancing.RoundRobin;

    /// <summary>How long pods of a lost node are waited for before they are replaced. Kubernetes' default 5 min.</summary>
    public TimeSpan NodeLossToleration { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Throws when the profile contradicts itself; the message names every property that is wrong.</summary>
    /// <exception cref="ArgumentException">At least one rule is broken.</exception>
    public void Validate()
    {
        var broken = new List<string>();
        void Rule(bool holds, string text)
        {
            if (!holds) broken.Add(text);
        }

        Rule(CapacityPerPod > 0 && double.IsFinite(CapacityPerPod), $"CapacityPerPod {CapacityPerPod} must be positive");
        Rule(CpuRequestMillicores > 0, $"CpuRequestMillicores {CpuRequestMillicores} must be positive");
        Rule(CpuIdleMillicores >= 0 && CpuIdleMillicores <= CpuRequestMillicores, $"CpuIdleMillicores {CpuIdleMillicores} must lie within the request");
        Rule(BaseServiceTime > TimeSpan.Zero, $"BaseServiceTime {BaseServiceTime} must be positive");
        Rule(RequestTimeout > ObjectiveLatency, $"RequestTimeout {RequestTimeout} must exceed ObjectiveLatency {ObjectiveLatency}");
        Rule(MaxQueueDelay > TimeSpan.Zero && MaxQueueDelay <= RequestTimeout, $"MaxQueueDelay {MaxQueueDelay} must lie within RequestTimeout");
        Rule(ObjectivePercentile is > 0 and < 1, $"ObjectivePercentile {ObjectivePercentile} must lie between 0 and 1");
        Rule(InitialReplicas >= 0, $"InitialReplicas {InitialReplicas} must not be negative");
        Rule(MemoryIdleBytes > 0 && MemoryLoadBytes >= 0, "MemoryIdleBytes must be positive, MemoryLoadBytes not negative");
        Rule(MemoryLimitBytes >= MemoryIdleBytes + MemoryLoadBytes, $"MemoryLimitBytes {MemoryLimitBytes} must hold the idle and load memory");
        Rule(NodeLossToleration >= TimeSpan.Zero, $"NodeLossToleration {NodeLossToleration} must not be negative");
        if (broken.Count == 0 && !new LatencyModel(this, 1, TimeSpan.FromSeconds(15)).CanMeetObjective)
            broken.Add($"ObjectiveLatency {ObjectiveLatency} cannot be kept even by an idle pod with BaseServiceTime {BaseServiceTime}");
        if (broken.Count > 0) throw new ArgumentException($"The service profile is wrong: {string.Join("; ", broken)}.");
    }
}
