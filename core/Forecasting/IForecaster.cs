namespace ControlPlane.Core.Forecasting;

/// <summary>
/// A model of one signal that learns step by step and predicts quantiles. Not thread-safe. After its warm-up, <see cref="Update"/> and
/// <see cref="Forecast"/> allocate nothing.
/// </summary>
public interface IForecaster
{
    /// <summary>The model's name.</summary>
    string Name { get; }

    /// <summary>Its semantic version.</summary>
    string Version { get; }

    /// <summary>Whether a forecast now would have values.</summary>
    ForecastStatus Status { get; }

    /// <summary>Learns from a history, oldest first, one entry a step, null where unknown; what is not newer than the newest is skipped.</summary>
    /// <param name="firstTime">Time of the first entry.</param>
    /// <param name="history">Values, requests per second.</param>
    void Fit(DateTimeOffset firstTime, ReadOnlySpan<double?> history);

    /// <summary>Learns one step. Steps that were skipped count as unknown.</summary>
    /// <param name="time">End of the step.</param>
    /// <param name="value">The value; null when unknown.</param>
    UpdateOutcome Update(DateTimeOffset time, double? value);

    /// <summary>
    /// Predicts. On <see cref="ForecastStatus.Ready"/> <paramref name="values"/> is filled row-major <c>[horizon, quantile]</c>, first row one
    /// step after the newest update, finite, not negative, ascending within a row; otherwise it is left alone.
    /// </summary>
    /// <param name="horizon">Number of steps, at least 1. Past <see cref="DemandForecaster.LongestHorizon"/> the last row repeats.</param>
    /// <param name="quantiles">Levels, ascending, each within (0, 1).</param>
    /// <param name="values">At least horizon × quantiles entries.</param>
    /// <exception cref="ArgumentException">A level is not within (0, 1) or not ascending, or there is not room enough.</exception>
    ForecastStatus Forecast(int horizon, ReadOnlySpan<float> quantiles, Span<float> values);
}
