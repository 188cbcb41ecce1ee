using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.LeadTime;

/// <summary>
/// The distribution of the logarithmic demand a fixed number of steps ahead: a level by regression, an expected size of the error by another, and a
/// histogram of errors ÷ expected size; beyond what has been seen as likely as that was passed. What was foretold waits until its outcome is known.
/// </summary>
internal sealed class LeadModel
{
    public const int ScaleInputs = 13;
    private const int UnevenInputs = 4;
    private const double SmallestError = 0.003;
    private const double MeanLogShift = 0.5;
    private const double MostLevelChange = 3;
    private const double MostScaleChange = 2.5;
    private const double MostTrend = 5;
    private const double LevelPenalty = 0.05;
    private const double SizePenalty = 5;

    /// <summary>Weight of the errors as they were beside those in units of what was expected: a jump out of a calm is as large as any.</summary>
    private const double JumpWeight = 0.3;

    /// <summary>Levels that are kept: those that replicas are chosen by, and one more where the next two are far apart.</summary>
    private static readonly float[] Levels = [.. LeadTimeSettings.Quantiles.Append(0.05f).Order()];

    private static readonly TimeSpan[] ErrorHalfLives = [.. ((double[])[600, 3600, 43200]).Select(TimeSpan.FromSeconds)];
    private readonly RecursiveRegression _level;
    private readonly RecursiveRegression _scale;
    private readonly ErrorHistogram _histogram;
    private readonly ErrorHistogram _jumps;
    private readonly PastShape _errors;
    private readonly double[] _alpha = new double[ErrorHalfLives.Length];
    private readonly double[] _sizes = new double[ErrorHalfLives.Length];
    private readonly Pending[] _pending;
    private readonly float[] _inputs;
    private readonly JumpOutlook? _outlook;
    private readonly RecordTail _tail;
    private readonly RecordTail _tailOfHour;
    private readonly float[] _values = new float[Levels.Length];
    private long _scored;

    public LeadModel(TimeSpan step, int steps, int inputs)
    {
        Steps = steps;
        var keep = Math.Exp(-(step / TimeSpan.FromDays(3)));
        _level = new RecursiveRegression(inputs, 1 / LevelPenalty, keep);
        _scale = new RecursiveRegression(ScaleInputs, 1 / SizePenalty, keep);
        var keepError = Math.Pow(2, -(step / TimeSpan.FromDays(3)));
        _histogram = new ErrorHistogram(keepError);
        _jumps = new ErrorHistogram(keepError);
        _errors = LeadTimeForecaster.DailyShape(step, TimeSpan.FromMinutes(5), steps, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(10));
        for (var i = 0; i < _alpha.Length; i++) _alpha[i] = DemandLevels.Alpha(step, ErrorHalfLives[i]);
        _pending = new Pending[steps];
        Array.Fill(_pending, new Pending { Step = -1 });
        _inputs = new float[steps * (_level.Stride + _scale.Stride)];
        // A jump is foreseen to order pods for it: the next step is too near for that.
        if (steps > 1) _outlook = new JumpOutlook(step, steps);
        (_tail, _tailOfHour) = (new RecordTail(step, steps, Levels), new RecordTail(step, steps, Levels));
    }

    /// <summary>Steps from the newest known step to the one that is foretold.</summary>
    public int Steps { get; }

    /// <summary>Middle of the newest forecast.</summary>
    public double Middle { get; private set; }

    /// <summary>Expected size of its error.</summary>
    public double Size { get; private set; } = SmallestError;

    /// <summary>Mean size of the errors of the last half day.</summary>
    public double LongSize { get; private set; } = SmallestError;

    /// <summary>The logarithmic demand at levels; between those that are kept it is linear.</summary>
    /// <param name="levels">Levels, ascending.</param>
    /// <param name="values">As many entries.</param>
    public void Quantiles(ReadOnlySpan<float> levels, Span<float> values)
    {
        var next = 1;
        for (var q = 0; q < levels.Length; q++)
        {
            while (next < Levels.Length - 1 && Levels[next] < levels[q]) next++;
            var share = Math.Clamp((levels[q] - Levels[next - 1]) / (Levels[next] - Levels[next - 1]), 0, 1);
            values[q] = float.Lerp(_values[next - 1], _values[next], share);
        }
    }

    /// <summary>Learns from the outcome of a step, if it was foretold.</summary>
    public void Learn(long step, double x)
    {
        _tail.Learn(step, x);
        _tailOfHour.Learn(step, x);
        var slot = (int)(step % Steps);
        var told = _pending[slot];
        if (told.Step < 0 || told.Step != step - Steps)
        {
            _errors.MoveTo(step);
            return;
        }

        var error = x - told.Middle;
        var size = Math.Abs(error);
        _level.Learn(LevelInputs(slot), x - told.Base);
        // Spare pods are for errors upwards; the histograms tell how those downwards lie beside them.
        if (error > 0) _scale.Learn(SizeInputs(slot), Math.Log(size + SmallestError) + MeanLogShift - Math.Log(told.LongSize));
        _histogram.Add(error / told.Size);
        _jumps.Add(error / told.LongSize);
        _scored++;
        for (var i = 0; i < _sizes.Length; i++) _sizes[i] += Math.Max(_alpha[i], 1.0 / _scored) * (size - _sizes[i]);
        _errors.Add(step, size);
        _outlook?.Learn(step, x, told.Middle, Math.Max(told.Size, told.LongSize));
    }

    /// <summary>Foretells from a step.</summary>
    /// <param name="step">The newest step.</param>
    /// <param name="isNew">Whether its demand is known, so that the outcome is to be learnt from.</param>
    /// <param name="levels">The shared levels.</param>
    /// <param name="records">The shared records.</param>
    /// <param name="inputs">Inputs of the level, padded.</param>
    public void Foretell(long step, bool isNew, DemandLevels levels, DemandRecords records, ReadOnlySpan<float> inputs)
    {
        var slot = (int)(step % Steps);
        inputs.CopyTo(LevelInputs(slot));
        var start = levels.Mean[DemandLevels.Base];
        Middle = start + Math.Clamp(_level.Predict(inputs), -MostLevelChange, MostLevelChange);
        LongSize = _sizes[^1] + SmallestError;
        var logSize = Math.Log(LongSize);
        var sizes = SizeInputs(slot);
        FillSizes(sizes, step, logSize, levels);
        Size = Math.Exp(logSize + Math.Clamp(_scale.Predict(sizes), -MostScaleChange, MostScaleChange));
        _outlook?.Foretell(step, isNew, levels, Middle, (1 - JumpWeight) * Size + JumpWeight * LongSize);
        SpreadErrors();
        // What is expected is not held back by what has been.
        _tail.Foretell(step, isNew, Math.Max((float)Middle, records.Greatest()), _values);
        _tailOfHour.Foretell(step, isNew, Math.Max((float)Middle, records.GreatestAround(step + Steps)), _values);
        AwaitJump();
        _pending[slot] = new Pending { Step = isNew ? step : -1, Base = start, Middle = Middle, LongSize = LongSize, Size = Size };
    }

    /// <summary>Starts from what a model of another lead knows; forecasts that still wait for their outcome are left behind.</summary>
    public void Inherit(LeadModel other)
    {
        _level.CopyFrom(other._level);
        _scale.CopyFrom(other._scale);
        _histogram.CopyFrom(other._histogram);
        _jumps.CopyFrom(other._jumps);
        other._sizes.CopyTo(_sizes, 0);
        if (other._outlook is not null) _outlook?.Inherit(other._outlook);
        _tail.CopyFrom(other._tail);
        _tailOfHour.CopyFrom(other._tailOfHour);
        (_scored, Middle, Size, LongSize) = (other._scored, other.Middle, other.Size, other.LongSize);
        Spread();
    }

    public void Save(StateWriter writer)
    {
        _level.Save(writer);
        _scale.Save(writer);
        _histogram.Save(writer);
        _jumps.Save(writer);
        _errors.Save(writer);
        writer.Write(_sizes);
        writer.Write(_scored);
        writer.Write(Middle);
        writer.Write(Size);
        writer.Write(LongSize);
        foreach (var told in _pending)
        {
            writer.Write(told.Step);
            writer.Write(told.Base);
            writer.Write(told.Middle);
            writer.Write(told.LongSize);
            writer.Write(told.Size);
        }

        writer.Write(_inputs);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <param name="reader">At its place.</param>
    /// <param name="isUneven">Whether the expected size knew of directions and of much more than usual; an earlier form did not.</param>
    public void Load(ref StateReader reader, bool isUneven)
    {
        _level.Load(ref reader, _level.Size);
        _scale.Load(ref reader, isUneven ? ScaleInputs : ScaleInputs - UnevenInputs);
        _histogram.Load(ref reader);
        _jumps.Load(ref reader);
        _errors.Load(ref reader);
        reader.Read(_sizes);
        _scored = reader.ReadInt64();
        Middle = reader.ReadDouble();
        Size = reader.ReadDouble();
        LongSize = reader.ReadDouble();
        for (var i = 0; i < _pending.Length; i++)
        {
            _pending[i] = new Pending
            {
                Step = reader.ReadInt64(),
                Base = reader.ReadDouble(),
                Middle = reader.ReadDouble(),
                LongSize = reader.ReadDouble(),
                Size = reader.ReadDouble(),
            };
        }

        reader.Read(_inputs);
    }

    /// <summary>What is looked for stands behind everything else: an earlier form did not have it.</summary>
    public void SaveOutlook(StateWriter writer) => _outlook?.Save(writer);

    public void LoadOutlook(ref StateReader reader) => _outlook?.Load(ref reader);

    public void SaveTails(StateWriter writer)
    {
        _tail.Save(writer);
        _tailOfHour.Save(writer);
    }

    public void LoadTails(ref StateReader reader)
    {
        _tail.Load(ref reader);
        _tailOfHour.Load(ref reader);
    }

    /// <summary>Makes the forecast of a state that has just been read.</summary>
    public void Spread()
    {
        SpreadErrors();
        _tail.Apply(_values);
        _tailOfHour.Apply(_values);
        AwaitJump();
    }

    /// <summary>The mean of two distributions' quantiles: of errors ÷ expected size, and of errors ÷ their long mean.</summary>
    private void SpreadErrors()
    {
        var ratios = _histogram.Quantiles(Levels);
        var jumps = _jumps.Quantiles(Levels);
        var (middle, ofSize, ofLong) = ((float)Middle, (float)((1 - JumpWeight) * Size), (float)(JumpWeight * LongSize));
        for (var q = 0; q < Levels.Length; q++) _values[q] = middle + ofSize * ratios[q] + ofLong * jumps[q];
    }

    /// <summary>All of it is higher with the probability of a jump that is looked for, which has odds of its own.</summary>
    private void AwaitJump()
    {
        if (_outlook is { Weight: > 0 } outlook) ShiftedMixture.Apply(Levels, _values, (float)outlook.Shift, outlook.Weight);
    }

    private Span<float> LevelInputs(int slot) => _inputs.AsSpan(slot * (_level.Stride + _scale.Stride), _level.Stride);

    private Span<float> SizeInputs(int slot) => _inputs.AsSpan(slot * (_level.Stride + _scale.Stride) + _level.Stride, _scale.Stride);

    private void FillSizes(Span<float> inputs, long step, double logSize, DemandLevels levels)
    {
        var yesterday = _errors.Narrow(step + Steps);
        var i = 0;
        inputs[i++] = 1;
        foreach (var size in _sizes) inputs[i++] = Relative(size);
        foreach (var surprise in levels.Surprise) inputs[i++] = Relative(surprise);
        inputs[i++] = (float)levels.Mean[DemandLevels.Base];
        inputs[i++] = double.IsNaN(yesterday) ? 0 : Relative(yesterday);
        // Upwards is another matter than downwards, and much more than usual is not a little more twice.
        inputs[i++] = Relative(Math.Max(0, levels.Newest - levels.Mean[DemandLevels.Base]));
        inputs[i++] = (float)Math.Clamp((levels.Mean[1] - levels.Mean[3]) / LongSize, -MostTrend, MostTrend);
        inputs[i++] = inputs[1] * inputs[1];
        inputs[i] = inputs[1 + ErrorHalfLives.Length] * inputs[1 + ErrorHalfLives.Length];

        float Relative(double size) => (float)(Math.Log(size + SmallestError) - logSize);
    }

    private readonly record struct Pending
    {
        public long Step { get; init; }

        public double Base { get; init; }

        public double Middle { get; init; }

        public double LongSize { get; init; }

        public double Size { get; init; }
    }
}
