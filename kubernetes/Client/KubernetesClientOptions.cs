namespace ControlPlane.Kubernetes;

/// <summary>Bounds of the client.</summary>
public sealed record KubernetesClientOptions
{
    /// <summary>Default of <see cref="RequestTimeout"/>.</summary>
    public static readonly TimeSpan DefaultRequestTimeout = TimeSpan.FromSeconds(15);

    /// <summary>Default of <see cref="WatchTimeout"/>.</summary>
    public static readonly TimeSpan DefaultWatchTimeout = TimeSpan.FromMinutes(5);

    /// <summary>Longest wait for a whole answer, watches aside. Default 15 s.</summary>
    public TimeSpan RequestTimeout { get; init; } = DefaultRequestTimeout;

    /// <summary>How long the server is asked to keep a watch open. Default 5 min; a watch that outlives it by 30 s is given up.</summary>
    public TimeSpan WatchTimeout { get; init; } = DefaultWatchTimeout;

    /// <summary>Objects a page of a list. Default 500.</summary>
    public int PageSize { get; init; } = 500;

    /// <summary>Longest answer and longest line of a watch. Default 64 MiB.</summary>
    public int MaxAnswerBytes { get; init; } = 64 << 20;

    /// <summary>The User-Agent of requests without one of their own.</summary>
    public string UserAgent { get; init; } = $"{Product}/{ProductVersion}";

    internal const string Product = "controlplane";

    internal static string ProductVersion { get; } = typeof(KubernetesClientOptions).Assembly.GetName().Version?.ToString(3) ?? "0";

    internal IEnumerable<string> Validate()
    {
        if (RequestTimeout <= TimeSpan.Zero) yield return $"{nameof(RequestTimeout)} is {RequestTimeout}: it must be greater than 0.";
        if (WatchTimeout < TimeSpan.FromSeconds(1)) yield return $"{nameof(WatchTimeout)} is {WatchTimeout}: it must be at least 1 s.";
        if (PageSize < 1) yield return $"{nameof(PageSize)} is {PageSize}: it must be at least 1.";
        if (MaxAnswerBytes < 1024) yield return $"{nameof(MaxAnswerBytes)} is {MaxAnswerBytes}: it must be at least 1024.";
    }
}
