using System.Collections.Immutable;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using ControlPlane.Core.Forecasting.Ensemble;
using ControlPlane.Core.Metrics;
using ControlPlane.Core.Metrics.State;
using ControlPlane.Core.Workloads;

namespace ControlPlane.Core.Forecasting.LeadTime;

/// <summary>
/// Predicts the distribution of the demand from the next step to the end of a pod's start-up, for the choice of replicas: one model for the next step, one
/// for the step at which a pod ordered now is ready, the steps between interpolated. Ready after three hours of data. A function of its updates alone:
/// equal updates give equal bits on one build and type of processor.
/// </summary>
public sealed class LeadTimeForecaster : IForecaster
{
    /// <summary>Longest start-up that is modelled, steps.</summary>
    public const int LongestLead = 240;

    /// <summary>The model's name.</summary>
    public const string ModelName = "lead-time";

    private const double MuchShorter = 0.6;

    private const string Kind = "CPLT";
    private const ushort FormatVersion = 4;
    private const ushort FirstWithOutlook = 2;
    private const ushort FirstWithUnevenSizes = 3;
    private const ushort FirstWithRecords = 4;
    private const int Inputs = 19;
    private const int PastInput = Inputs - 8;
    private const double OffsetOfMedian = 1.0 / 60;
    private const double OffsetOfPeak = 1.0 / 480;
    private const double LargestGrowth = 10;
    private static readonly TimeSpan LongestSilence = TimeSpan.FromMinutes(30);
    private readonly WarmUp _warmUp;
    private readonly DemandLevels _levels;
    private readonly DemandRecords _records;
    private readonly PastShape _day;
    private readonly PastShape _week;
    private readonly LeadModel[] _models;
    private readonly float[] _inputs = new float[RecursiveRegression.Padded(Inputs)];
    private readonly long _staleSteps;
    private double _offset;
    private double _largest;
    private long _now = -1;
    private long _known = -1;
    private float[] _rows = [];

    /// <summary>A forecaster that has seen nothing.</summary>
    /// <param name="step">Length of a step, positive.</param>
    /// <param name="leadSteps">Steps from a decision to a ready pod, 1..<see cref="LongestLead"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">Step or lead is out of range.</exception>
    public LeadTimeForecaster(TimeSpan step, int leadSteps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(step, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(leadSteps, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(leadSteps, LongestLead);
        (Step, LeadSteps) = (step, leadSteps);
        _staleSteps = Math.Max(4, LongestSilence.Ticks / step.Ticks);
        _warmUp = new WarmUp(step);
        _levels = new DemandLevels(step);
        _records = new DemandRecords(step);
        var ahead = LongestLead + 1 + Margin(step);
        _day = DailyShape(step, TimeSpan.FromMinutes(1), ahead, TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(10));
        _week = Shape(step, TimeSpan.FromDays(7), TimeSpan.FromMinutes(5), ahead, TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(10));
        _models = [new LeadModel(step, 1, Inputs), new LeadModel(step, leadSteps + 1, Inputs)];
    }

    /// <inheritdoc/>
    public string Name => ModelName;

    /// <inheritdoc/>
    public string Version => "0.1.0";

    /// <summary>Length of a step.</summary>
    public TimeSpan Step { get; }

    /// <summary>Steps from a decision to a ready pod.</summary>
    public int LeadSteps { get; private set; }

    /// <summary>End of the newest step, known or not, UTC; null before the first.</summary>
    public DateTimeOffset? Newest => _now < 0 ? null : StepGrid.EndOf(_now, Step);

    /// <summary>Ready; warming up for the first three hours; failed after half an hour (at least 4 steps) without a known demand.</summary>
    public ForecastStatus Status => StatusAt(_now);

    /// <summary>
    /// Follows a measured start-up: when it is longer than the one that is modelled, or much shorter, the far model moves to it and keeps what it knows.
    /// </summary>
    /// <param name="leadSteps">Steps from a decision to a ready pod, at least 1; past <see cref="LongestLead"/> that.</param>
    public void Follow(int leadSteps)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(leadSteps, 1);
        leadSteps = Math.Min(leadSteps, LongestLead);
        if (leadSteps <= LeadSteps && leadSteps >= MuchShorter * LeadSteps) return;
        LeadSteps = leadSteps;
        var far = new LeadModel(Step, leadSteps + 1, Inputs);
        far.Inherit(_models[1]);
        _models[1] = far;
    }

    /// <inheritdoc/>
    public void Fit(DateTimeOffset firstTime, ReadOnlySpan<double?> history)
    {
        for (var i = 0; i < history.Length; i++) Update(firstTime + i * Step, history[i]);
    }

    /// <inheritdoc/>
    public UpdateOutcome Update(DateTimeOffset time, double? value)
    {
        var step = StepGrid.IndexOf(time, Step);
        if (step <= _now) return UpdateOutcome.Stale;
        _now = step;
        var isValid = value is >= 0 and <= DemandForecaster.MaxDemand;
        var demand = isValid ? value!.Value : double.NaN;
        if (_offset > 0) Advance(step, demand);
        else Warm(step, demand);
        return isValid ? UpdateOutcome.Learnt : value is null ? UpdateOutcome.Missing : UpdateOutcome.Rejected;
    }

    /// <inheritdoc/>
    public ForecastStatus Forecast(int horizon, ReadOnlySpan<float> quantiles, Span<float> values)
    {
        ForecastEngine.CheckRequest(horizon, quantiles, values);
        if (Status is var status and not ForecastStatus.Ready) return status;
        var count = quantiles.Length;
        if (_rows.Length < 2 * count) _rows = new float[2 * count];
        var near = _rows.AsSpan(0, count);
        var far = _rows.AsSpan(count, count);
        Fill(_models[0], quantiles, near);
        Fill(_models[1], quantiles, far);
        for (var row = 0; row < horizon; row++)
        {
            var cells = values.Slice(row * count, count);
            if (row == 0) near.CopyTo(cells);
            else if (row >= LeadSteps) far.CopyTo(cells);
            else TensorPrimitives.Lerp(near, far, (float)row / LeadSteps, cells);
        }

        return ForecastStatus.Ready;
    }

    /// <summary>Makes the forecast record.</summary>
    /// <param name="id">The workload.</param>
    /// <param name="horizon">Number of steps, at least 1.</param>
    /// <param name="quantiles">Levels, ascending, each within (0, 1).</param>
    public Forecast Issue(WorkloadId id, int horizon, ImmutableArray<float> quantiles)
    {
        var values = new float[horizon * quantiles.Length];
        var status = Forecast(horizon, quantiles.AsSpan(), values);
        var isReady = status == ForecastStatus.Ready;
        return new Forecast
        {
            Workload = id,
            IssuedAt = StepGrid.EndOf(Math.Max(_now, 0), Step),
            Step = Step,
            Status = status,
            Horizon = isReady ? horizon : 0,
            Quantiles = quantiles,
            Values = isReady ? ImmutableCollectionsMarshal.AsImmutableArray(values) : [],
            Model = Name,
            ModelVersion = Version,
        };
    }

    /// <summary>The compact, versioned and checksummed byte form of the whole state.</summary>
    public byte[] Save()
    {
        var writer = new StateWriter(Kind, FormatVersion, 32 * 1024);
        writer.Write(Version);
        writer.Write(Step.Ticks);
        writer.Write(LeadSteps);
        writer.Write(_now);
        writer.Write(_known);
        writer.Write(_offset);
        writer.Write(_largest);
        _warmUp.Save(writer);
        _levels.Save(writer);
        _day.Save(writer);
        _week.Save(writer);
        foreach (var model in _models) model.Save(writer);
        foreach (var model in _models) model.SaveOutlook(writer);
        _records.Save(writer);
        foreach (var model in _models) model.SaveTails(writer);
        return writer.ToBytes();
    }

    /// <summary>Restores what <see cref="Save"/> gave; forecasts go on bit-identically.</summary>
    /// <exception cref="InvalidDataException">The bytes are damaged, foreign or of another model version; the message says which.</exception>
    public static LeadTimeForecaster Load(ReadOnlySpan<byte> bytes)
    {
        var reader = new StateReader(bytes, Kind, FormatVersion, "a lead-time forecaster");
        var version = reader.ReadString();
        var (step, lead) = (reader.ReadInt64(), reader.ReadInt32());
        if (step <= 0 || lead is < 1 or > LongestLead) throw reader.Flaw("its step or its lead is out of range");
        var forecaster = new LeadTimeForecaster(TimeSpan.FromTicks(step), lead);
        if (version != forecaster.Version) throw new InvalidDataException($"The state is of model version {version}; this program runs {forecaster.Version}.");
        forecaster.Load(ref reader);
        reader.End();
        return forecaster;
    }

    internal static PastShape DailyShape(TimeSpan step, TimeSpan bin, int ahead, TimeSpan narrow, TimeSpan wide) =>
        Shape(step, TimeSpan.FromDays(1), bin, ahead, narrow, wide);

    private static PastShape Shape(TimeSpan step, TimeSpan period, TimeSpan bin, int ahead, TimeSpan narrow, TimeSpan wide) =>
        new((int)Math.Max(1, bin.Ticks / step.Ticks), (int)Math.Max(1, Math.Round(period / step)), ahead, narrow / step, wide / step);

    private static int Margin(TimeSpan step) => (int)Math.Round(TimeSpan.FromMinutes(2) / step);

    private ForecastStatus StatusAt(long step) =>
        _offset <= 0 ? ForecastStatus.WarmingUp : step - _known > _staleSteps ? ForecastStatus.Failed : ForecastStatus.Ready;

    private void Load(ref StateReader reader)
    {
        _now = reader.ReadInt64();
        _known = reader.ReadInt64();
        _offset = reader.ReadDouble();
        _largest = reader.ReadDouble();
        _warmUp.Load(ref reader);
        _levels.Load(ref reader);
        _day.Load(ref reader);
        _week.Load(ref reader);
        foreach (var model in _models) model.Load(ref reader, reader.Version >= FirstWithUnevenSizes);
        if (reader.Version >= FirstWithOutlook)
        {
            foreach (var model in _models) model.LoadOutlook(ref reader);
        }

        if (reader.Version >= FirstWithRecords)
        {
            _records.Load(ref reader);
            foreach (var model in _models) model.LoadTails(ref reader);
        }

        foreach (var model in _models) model.Spread();
    }

    /// <summary>Gathers the first hours, chooses the scale from them and learns them.</summary>
    private void Warm(long step, double demand)
    {
        if (!_warmUp.Add(step, demand)) return;
        var sorted = _warmUp.Values.ToArray().Where(double.IsFinite).Order().ToArray();
        var (median, peak) = (sorted[sorted.Length / 2], sorted[(int)(0.995 * (sorted.Length - 1))]);
        _offset = Math.Max(Math.Max(OffsetOfMedian * median, OffsetOfPeak * peak), 1e-9);
        var values = _warmUp.Values.ToArray();
        var first = _warmUp.FirstStep;
        _warmUp.Clear();
        for (var i = 0; i < values.Length; i++) Advance(first + i, values[i]);
    }

    private void Advance(long step, double demand)
    {
        var isKnown = !double.IsNaN(demand);
        var x = isKnown ? Math.Log(demand / _offset + 1) - Math.Log(1 / OffsetOfMedian) : double.NaN;
        if (isKnown)
        {
            (_known, _largest) = (step, Math.Max(_largest, demand));
            foreach (var model in _models) model.Learn(step, x);
            _records.Add(step, x);
            _day.Add(step, x);
            _week.Add(step, x);
        }
        else
        {
            _day.MoveTo(step);
            _week.MoveTo(step);
        }

        _levels.Add(step, x);
        if (_levels.Count == 0) return;
        FillLevels();
        foreach (var model in _models)
        {
            var i = PastInput;
            FillPast(_day, step, model.Steps, ref i);
            FillPast(_week, step, model.Steps, ref i);
            model.Foretell(step, isKnown, _levels, _records, _inputs);
        }
    }

    /// <summary>The inputs that are the same for every lead.</summary>
    private void FillLevels()
    {
        var mean = _levels.Mean;
        var start = mean[DemandLevels.Base];
        var i = 0;
        _inputs[i++] = 1;
        _inputs[i++] = (float)(_levels.Newest - mean[0]);
        for (var m = 1; m < DemandLevels.Means; m++) _inputs[i++] = (float)(mean[m - 1] - mean[m]);
        for (var c = 0; c < DemandLevels.Changes; c++) _inputs[i++] = (float)_levels.Change(c);
        _inputs[i] = (float)(_levels.Greatest() - start);
    }

    private void FillPast(PastShape past, long step, int ahead, ref int i)
    {
        var narrow = past.Narrow(step);
        var wide = past.Wide(step);
        _inputs[i++] = Known(past.Narrow(step + ahead) - narrow);
        _inputs[i++] = Known(past.Wide(step + ahead) - wide);
        _inputs[i++] = Known(wide - _levels.Mean[3]);
        _inputs[i++] = Known(past.Greatest(step + 1, step + ahead + Margin(Step)) - narrow);
    }

    private static float Known(double value) => double.IsNaN(value) ? 0 : (float)value;

    private void Fill(LeadModel model, ReadOnlySpan<float> quantiles, Span<float> row)
    {
        var most = Math.Min(LargestGrowth * _largest, DemandForecaster.MaxDemand);
        model.Quantiles(quantiles, row);
        TensorPrimitives.Exp(row, row);
        var (last, unit, offset) = (0f, (float)(_offset / OffsetOfMedian), (float)_offset);
        foreach (ref var demand in row) demand = last = Math.Max(last, Math.Clamp(unit * demand - offset, 0, (float)most));
    }
}
