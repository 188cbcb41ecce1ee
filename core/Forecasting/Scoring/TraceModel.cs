namespace ControlPlane.Core.Forecasting.Scoring;

/// <summary>A model as <see cref="TraceScore"/> sees it: it is told a trace step by step and says quantiles at fixed horizons.</summary>
internal abstract class TraceModel
{
    /// <summary>Name of the row.</summary>
    public abstract string Name { get; }

    /// <summary>Learns a step.</summary>
    /// <param name="step">Number of the step in the trace; ascends by one.</param>
    /// <param name="value">The value; NaN when unknown.</param>
    public abstract void Update(int step, double value);

    /// <summary>Says the quantiles from the newest step, which was known.</summary>
    /// <param name="rows">Row-major <c>[horizon, level]</c>; left alone when there is no forecast yet.</param>
    /// <returns>Whether there is a forecast.</returns>
    public abstract bool Forecast(Span<float> rows);
}
