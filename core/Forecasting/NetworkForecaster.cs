using ControlPlane.Core.Forecasting.Ensemble;
using ControlPlane.Core.Forecasting.Network;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting;

/// <summary>
/// The members of <see cref="DemandForecaster"/> and one more: a network that all workloads share. It is a version of its own, to be tried in
/// shadow: on loads that it was not trained on it gains on some and loses on others.
/// </summary>
public sealed class NetworkForecaster : IForecaster
{
    private const string Kind = "CPNF";
    private const ushort FormatVersion = 1;
    private readonly ForecastEngine _engine;

    /// <summary>A forecaster that has seen nothing.</summary>
    /// <param name="step">Length of a step, positive.</param>
    /// <param name="weights">The network; null: the one that comes with the program.</param>
    /// <exception cref="ArgumentOutOfRangeException">The step is not positive.</exception>
    public NetworkForecaster(TimeSpan step, LoadNetworkWeights? weights = null)
    {
        var network = (weights ?? LoadNetworkWeights.Default).Network;
        _engine = new ForecastEngine(step, () => MemberSet.Bank(step, network));
    }

    /// <inheritdoc/>
    public string Name => "network-ensemble";

    /// <inheritdoc/>
    public string Version => LoadNetworkWeights.ModelVersion;

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

    /// <summary>The byte form of what it has learnt, without the network.</summary>
    internal byte[] Save()
    {
        var writer = new StateWriter(Kind, FormatVersion, 64 * 1024);
        writer.Write(Version);
        _engine.Save(writer);
        return writer.ToBytes();
    }

    /// <summary>Takes over what <see cref="Save"/> gave, of a forecaster of the same step and network.</summary>
    /// <exception cref="InvalidDataException">The bytes are damaged, foreign or of another model version.</exception>
    internal void Load(ReadOnlySpan<byte> bytes)
    {
        var reader = new StateReader(bytes, Kind, FormatVersion, "a network forecaster");
        var version = reader.ReadString();
        if (version != Version) throw new InvalidDataException($"The state is of model version {version}; this program runs {Version}.");
        _engine.Load(ref reader);
        reader.End();
    }
}
