using ControlPlane.Core.Metrics;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.Ensemble;

/// <summary>
/// Runs a bank of modelled horizons on the step grid: warms up, lets them learn, and gives their quantiles. Horizons between the modelled ones
/// are interpolated.
/// </summary>
internal sealed class ForecastEngine
{
    private const int LeastStaleSteps = 4;
    /// <summary>No forecast exceeds the largest demand seen by more than this factor: a relative error has no bound by itself.</summary>
    private const double LargestGrowth = 10;

    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(30);
    private readonly HorizonBank _bank;
    private readonly WarmUp _warmUp;
    private readonly long _staleSteps;
    private float[] _levels = [];
    private (int Index, double Share)[] _places = [];
    private DemandScale? _scale;
    private double _largest;
    private long _now = -1;

    public ForecastEngine(TimeSpan step, Func<HorizonBank> bank)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(step, TimeSpan.Zero);
        Step = step;
        _bank = bank();
        _warmUp = new WarmUp(step);
        _staleSteps = Math.Max(LeastStaleSteps, LongestSilence.Ticks / step.Ticks);
    }

    public TimeSpan Step { get; }

    public long Rejected { get; private set; }

    public DateTimeOffset? Newest => _now < 0 ? null : StepGrid.EndOf(_now, Step);

    public ForecastStatus Status => StatusAt(_now);

    public UpdateOutcome Update(DateTimeOffset time, double? value)
    {
        var step = StepGrid.IndexOf(time, Step);
        if (step <= _now) return UpdateOutcome.Stale;
        _now = step;
        var isValid = value is >= 0 and <= DemandForecaster.MaxDemand;
        if (value is not null && !isValid) Rejected++;
        if (_scale is null) Warm(step, isValid ? value!.Value : double.NaN);
        else if (isValid) Advance(step, value!.Value);
        return isValid ? UpdateOutcome.Learnt : value is null ? UpdateOutcome.Missing : UpdateOutcome.Rejected;
    }

    /// <summary>Predicts from the newest step, or from the last whole step before <paramref name="time"/> if that is later.</summary>
    public ForecastStatus Forecast(
        int horizon, ReadOnlySpan<float> quantiles, Span<float> values, DateTimeOffset time, out DateTimeOffset issuedAt)
    {
        CheckRequest(horizon, quantiles, values);
        var origin = Math.Max(_now, time.UtcTicks / Step.Ticks);
        issuedAt = StepGrid.EndOf(origin, Step);
        if (StatusAt(origin) is var status and not ForecastStatus.Ready) return status;
        Place(quantiles);
        var age = (int)(origin - _bank.Newest);
        values = values[..(horizon * quantiles.Length)];
        if (!_bank.Predict(age, horizon, _places, values)) return ForecastStatus.WarmingUp;
        Bound(values, quantiles.Length);
        return ForecastStatus.Ready;
    }

    /// <summary>Share of recent outcomes below a level, at the modelled horizon next to <paramref name="steps"/>; null before it was measured.</summary>
    public double? Coverage(int steps, double level)
    {
        var knot = 0;
        while (knot + 1 < _bank.Count && _bank.StepsOf(knot + 1) <= steps) knot++;
        var (index, share) = QuantileGrid.Locate(level);
        var (near, far) = (_bank.Covered(knot, index), _bank.Covered(knot, index + 1));
        return _bank.Scored(knot) == 0 ? null : Math.Clamp(near + share * (far - near), 0, 1);
    }

    public void Save(StateWriter writer)
    {
        writer.Write(_now);
        writer.Write(Rejected);
        writer.Write(_scale?.Offset ?? 0);
        writer.Write(_largest);
        _warmUp.Save(writer);
        _bank.Save(writer);
    }

    public void Load(ref StateReader reader)
    {
        _now = reader.ReadInt64();
        Rejected = reader.ReadInt64();
        var offset = reader.ReadDouble();
        _largest = reader.ReadDouble();
        _scale = offset > 0 ? new DemandScale(offset) : null;
        _warmUp.Load(ref reader);
        _bank.Load(ref reader);
        if (_scale is { } scale) _bank.Begin(scale);
    }

    private ForecastStatus StatusAt(long step) =>
        _scale is null ? ForecastStatus.WarmingUp
        : step - _bank.Newest > _staleSteps ? ForecastStatus.Failed
        : ForecastStatus.Ready;

    /// <summary>Refuses what cannot be asked for.</summary>
    public static void CheckRequest(int horizon, ReadOnlySpan<float> quantiles, Span<float> values)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(horizon, 1);
        if (quantiles.IsEmpty) throw new ArgumentException("At least one quantile level is needed.", nameof(quantiles));
        var last = 0f;
        foreach (var level in quantiles)
        {
            if (!(level > last && level < 1)) throw new ArgumentException("Quantile levels must ascend within (0, 1).", nameof(quantiles));
            last = level;
        }

        if (values.Length < (long)horizon * quantiles.Length)
            throw new ArgumentException($"There is room for {values.Length} of {(long)horizon * quantiles.Length} values.", nameof(values));
    }

    private void Warm(long step, double value)
    {
        if (!_warmUp.Add(step, value)) return;
        var scale = DemandScale.From(_warmUp.Values);
        _scale = scale;
        _bank.Begin(scale);
        for (var i = 0; i < _warmUp.Values.Length; i++)
        {
            var known = _warmUp.Values[i];
            if (!double.IsNaN(known)) Advance(_warmUp.FirstStep + i, known);
        }

        _warmUp.Clear();
    }

    private void Advance(long step, double demand)
    {
        _largest = Math.Max(_largest, demand);
        _bank.Advance(step, demand);
    }

    /// <summary>Finds the levels' places on the grid; callers ask for the same levels every time.</summary>
    private void Place(ReadOnlySpan<float> quantiles)
    {
        if (quantiles.SequenceEqual(_levels)) return;
        _levels = quantiles.ToArray();
        _places = new (int, double)[quantiles.Length];
        for (var q = 0; q < quantiles.Length; q++) _places[q] = QuantileGrid.Locate(quantiles[q]);
    }

    /// <summary>Brings the values into order and bounds.</summary>
    private void Bound(Span<float> values, int quantiles)
    {
        var most = (float)Math.Min(LargestGrowth * _largest, DemandForecaster.MaxDemand);
        for (; !values.IsEmpty; values = values[quantiles..])
        {
            var last = 0f;
            foreach (ref var value in values[..quantiles]) value = last = Math.Max(last, Math.Min(most, value));
        }
    }
}
