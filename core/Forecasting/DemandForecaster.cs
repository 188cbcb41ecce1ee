using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ControlPlane.Core.Forecasting.Ensemble;
using ControlPlane.Core.Forecasting.Network;
using ControlPlane.Core.Metrics.State;
using ControlPlane.Core.Workloads;

namespace ControlPlane.Core.Forecasting;

/// <summary>
/// Predicts the demand of one workload: several members, combined online by their pinball loss per horizon, with quantiles from their own recent errors.
/// At steps of a minute or more twelve members (last value, values and changes of other days and of like stretches, seasonal smoothings, four online ridge regressions) foretell
/// an hour, and a network that all workloads share corrects them; at shorter steps six cheap ones half an hour. Ready after three hours of data. A function of its updates alone: equal
/// updates give equal bits.
/// </summary>
public sealed class DemandForecaster : IForecaster
{
    /// <summary>Largest demand that is believed, requests per second: 1e12.</summary>
    public const double MaxDemand = 1e12;

    /// <summary>How much history a forecast needs: 3 h (12 steps when steps are longer than 15 min).</summary>
    public static readonly TimeSpan WarmUpTime = TimeSpan.FromHours(3);

    /// <summary>How far ahead is modelled at least, 30 min; 1 h at steps of a minute or more, 12 steps when they are longer than five minutes. Later steps repeat the last.</summary>
    public static readonly TimeSpan LongestHorizon = TimeSpan.FromMinutes(30);

    /// <summary>How far ahead is modelled at least at a step: 30 min, at steps of a minute or more 1 h.</summary>
    internal static TimeSpan LongestHorizonAt(TimeSpan step) => step < MemberSet.CoarseStep ? LongestHorizon : 2 * LongestHorizon;

    private const string Kind = "CPDF";
    private const ushort FormatVersion = 1;
    private readonly ForecastEngine _engine;

    /// <summary>A forecaster that has seen nothing.</summary>
    /// <param name="step">Length of a step, positive.</param>
    /// <exception cref="ArgumentOutOfRangeException">The step is not positive.</exception>
    public DemandForecaster(TimeSpan step) => _engine = new ForecastEngine(step, () => MemberSet.Bank(step, CorrectionWeights.Default.Committee));

    /// <inheritdoc/>
    public string Name => "online-ensemble";

    /// <inheritdoc/>
    public string Version => "0.6.0";

    /// <summary>Length of a step.</summary>
    public TimeSpan Step => _engine.Step;

    /// <summary>End of the newest step, known or not, UTC; null before the first.</summary>
    public DateTimeOffset? Newest => _engine.Newest;

    /// <summary>Values refused so far because they were not finite, negative or beyond <see cref="MaxDemand"/>.</summary>
    public long Rejected => _engine.Rejected;

    /// <summary>Ready; warming up for the first three hours; failed after half an hour (at least 4 steps) without a known demand.</summary>
    public ForecastStatus Status => _engine.Status;

    /// <inheritdoc/>
    public void Fit(DateTimeOffset firstTime, ReadOnlySpan<double?> history)
    {
        for (var i = 0; i < history.Length; i++) Update(firstTime + i * Step, history[i]);
    }

    /// <inheritdoc/>
    public UpdateOutcome Update(DateTimeOffset time, double? demand) => _engine.Update(time, demand);

    /// <inheritdoc/>
    public ForecastStatus Forecast(int horizon, ReadOnlySpan<float> quantiles, Span<float> values) =>
        _engine.Forecast(horizon, quantiles, values, DateTimeOffset.MinValue, out _);

    /// <summary>Makes the forecast record.</summary>
    /// <param name="id">The workload.</param>
    /// <param name="time">Issue time; whole steps that passed between the newest update and it count as unknown. Nothing is changed by it.</param>
    /// <param name="step">Length of a step; must be this forecaster's.</param>
    /// <param name="horizon">Number of steps, at least 1.</param>
    /// <param name="quantiles">Levels, ascending, each within (0, 1).</param>
    /// <exception cref="ArgumentException">Step, horizon or levels are not as they must be.</exception>
    public Forecast Issue(WorkloadId id, DateTimeOffset time, TimeSpan step, int horizon, ImmutableArray<float> quantiles)
    {
        if (step != Step) throw new ArgumentException($"The forecaster's step is {Step}, not {step}.", nameof(step));
        ArgumentOutOfRangeException.ThrowIfLessThan(horizon, 1);
        var values = new float[horizon * quantiles.Length];
        var status = _engine.Forecast(horizon, quantiles.AsSpan(), values, time, out var issuedAt);
        var isReady = status == ForecastStatus.Ready;
        return new Forecast
        {
            Workload = id,
            IssuedAt = issuedAt,
            Step = step,
            Status = status,
            Horizon = isReady ? horizon : 0,
            Quantiles = quantiles,
            Values = isReady ? ImmutableCollectionsMarshal.AsImmutableArray(values) : [],
            Model = Name,
            ModelVersion = Version,
            Coverage = isReady ? Coverage(Math.Max(1, horizon / 2), quantiles[^1]) : null,
        };
    }

    /// <summary>Share of recent demands that lay at or below a quantile that was predicted; null before any was scored.</summary>
    /// <param name="steps">Steps ahead.</param>
    /// <param name="quantile">The level, within (0, 1).</param>
    public double? Coverage(int steps, double quantile) => _engine.Coverage(steps, quantile);

    /// <summary>The compact, versioned and checksummed byte form of the whole state.</summary>
    public byte[] Save()
    {
        var writer = new StateWriter(Kind, FormatVersion, 64 * 1024);
        writer.Write(Version);
        writer.Write(Step.Ticks);
        _engine.Save(writer);
        return writer.ToBytes();
    }

    /// <summary>Restores what <see cref="Save"/> gave; forecasts go on bit-identically.</summary>
    /// <exception cref="InvalidDataException">The bytes are damaged, foreign or of another model version; the message says which.</exception>
    public static DemandForecaster Load(ReadOnlySpan<byte> bytes)
    {
        var reader = new StateReader(bytes, Kind, FormatVersion, "a demand forecaster");
        var version = reader.ReadString();
        var step = reader.ReadInt64();
        if (step <= 0) throw reader.Flaw("its step is not positive");
        var forecaster = new DemandForecaster(TimeSpan.FromTicks(step));
        if (version != forecaster.Version)
            throw new InvalidDataException($"The state is of model version {version}; this program runs {forecaster.Version}.");
        forecaster._engine.Load(ref reader);
        reader.End();
        return forecaster;
    }
}
