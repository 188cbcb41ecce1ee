namespace ControlPlane.Simulation.Services;

/// <summary>How a service fared from <see cref="SimulatedService.ScoreFrom"/> on. Shares are fractions.</summary>
public sealed record ServiceOutcome
{
    /// <summary>Number of ticks that count.</summary>
    public required long Ticks { get; init; }

    /// <summary>Share of requests that failed or took longer than the objective.</summary>
    public required double SloViolationRequestShare { get; init; }

    /// <summary>Share of ticks in which more requests missed the objective than its percentile allows.</summary>
    public required double SloViolationTimeShare { get; init; }

    /// <summary>Share of ticks with fewer ready pods than the demand needs to keep the objective.</summary>
    public required double UnderProvisionedTimeShare { get; init; }

    /// <summary>Missing pods over time, hours.</summary>
    public required double UnderProvisionedPodHours { get; init; }

    /// <summary>Share of ticks with more ready pods than the demand needs.</summary>
    public required double OverProvisionedTimeShare { get; init; }

    /// <summary>Surplus pods over time, hours.</summary>
    public required double OverProvisionedPodHours { get; init; }

    /// <summary>Existing pods over time, hours; pods that are starting are paid for.</summary>
    public required double PodHours { get; init; }

    /// <summary>Number of changes to more replicas.</summary>
    public required int ScaleUps { get; init; }

    /// <summary>Number of changes to fewer replicas.</summary>
    public required int ScaleDowns { get; init; }

    /// <summary>Median response time of served requests, seconds; null without any.</summary>
    public required double? LatencyP50Seconds { get; init; }

    /// <summary>95th percentile of the response time of served requests, seconds; null without any.</summary>
    public required double? LatencyP95Seconds { get; init; }

    /// <summary>99th percentile of the response time of served requests, seconds; null without any.</summary>
    public required double? LatencyP99Seconds { get; init; }

    /// <summary>Requests that arrived.</summary>
    public required double TotalRequests { get; init; }

    /// <summary>Requests that were answered within the time-out.</summary>
    public required double ServedRequests { get; init; }

    /// <summary>Requests that were refused, lost or timed out.</summary>
    public required double FailedRequests { get; init; }

    /// <summary>Failed requests ÷ finished requests.</summary>
    public required double UnservedDemandShare { get; init; }
}
