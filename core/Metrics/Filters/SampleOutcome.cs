namespace ControlPlane.Core.Metrics.Filters;

/// <summary>What became of a sample.</summary>
public enum SampleOutcome
{
    /// <summary>It counts for the open step.</summary>
    Accepted,

    /// <summary>Its value is NaN or infinite, or its signal has no name.</summary>
    NotFinite,

    /// <summary>Its timestamp is too far in the future.</summary>
    Future,

    /// <summary>Its timestamp is too far behind the open step.</summary>
    Late,

    /// <summary>The same signal, pod and timestamp was seen before.</summary>
    Duplicate,

    /// <summary>The step has its most samples already.</summary>
    Overflow,
}
