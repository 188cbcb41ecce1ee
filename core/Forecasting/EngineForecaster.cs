using ControlPlane.Core.Forecasting.Ensemble;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting;

/// <summary>A forecaster that is one engine: what differs between such models is their members.</summary>
public abstract class EngineForecaster : IForecaster
{
    private const ushort FormatVersion = 1;
    private readonly ForecastEngine _engine;
    private readonly string _kind;

    /// <param name="engine">The engine.</param>
    /// <param name="kind">Four letters at the front of the byte form.</param>
    private protected EngineForecaster(ForecastEngine engine, string kind) => (_engine, _kind) = (engine, kind);

    /// <inheritdoc/>
    public abstract string Name { get; }

    /// <inheritdoc/>
    public abstract string Version { get; }

    /// <inheritdoc/>
    public ForecastStatus Status => _engine.Status;

    /// <inheritdoc/>
    public void Fit(DateTimeOffset firstTime, ReadOnlySpan<double?> history)
    {
        for (var i = 0; i < history.Length; i++) Update(firstTime + i * _engine.Step, history[i]);
    }

    /// <inheritdoc/>
    public UpdateOutcome Update(DateTimeOffset time, double? value) => _engine.Update(time, value);

    /// <inheritdoc/>
    public ForecastStatus Forecast(int horizon, ReadOnlySpan<float> quantiles, Span<float> values) =>
        _engine.Forecast(horizon, quantiles, values, DateTimeOffset.MinValue, out _);

    /// <summary>Share of recent demands that lay at or below a quantile that was predicted; null before any was scored.</summary>
    /// <param name="steps">Steps ahead.</param>
    /// <param name="quantile">The level, within (0, 1).</param>
    public double? Coverage(int steps, double quantile) => _engine.Coverage(steps, quantile);

    /// <summary>The byte form of what it has learnt.</summary>
    internal byte[] Save()
    {
        var writer = new StateWriter(_kind, FormatVersion, 64 * 1024);
        writer.Write(Version);
        _engine.Save(writer);
        return writer.ToBytes();
    }

    /// <summary>Takes over what <see cref="Save"/> gave, of a forecaster of the same step and settings.</summary>
    /// <exception cref="InvalidDataException">The bytes are damaged, foreign or of another model version.</exception>
    internal void Load(ReadOnlySpan<byte> bytes)
    {
        var reader = new StateReader(bytes, _kind, FormatVersion, $"the forecaster '{Name}'");
        var version = reader.ReadString();
        if (version != Version) throw new InvalidDataException($"The state is of model version {version}; this program runs {Version}.");
        _engine.Load(ref reader);
        reader.End();
    }
}
