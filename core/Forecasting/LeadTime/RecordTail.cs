using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.LeadTime;

/// <summary>
/// Makes what a forecast says beyond a record of the demand as probable as such records have been broken. Errors know nothing of how high a service has ever been: at
/// a peak they promise as much more as in a calm.
/// </summary>
internal sealed class RecordTail
{
    private const double Guess = 1;
    private static readonly TimeSpan HalfLife = TimeSpan.FromDays(3);
    private readonly float[] _levels;
    private readonly float[] _plain;
    private readonly Told[] _told;
    private readonly double _keep;
    private double _foretold;
    private double _broken;
    private float _record = float.PositiveInfinity;

    /// <param name="step">Length of a step.</param>
    /// <param name="steps">Steps from the newest known step to the one that is foretold.</param>
    /// <param name="levels">Levels of the forecasts' quantiles, ascending.</param>
    public RecordTail(TimeSpan step, int steps, float[] levels)
    {
        (_levels, _plain, _told) = (levels, new float[levels.Length], new Told[steps]);
        _keep = Math.Pow(2, -(step / HalfLife));
        Array.Fill(_told, new Told(-1, 0, 0));
    }

    /// <summary>Counts the outcome of a step that was foretold.</summary>
    public void Learn(long step, double x)
    {
        var told = _told[step % _told.Length];
        if (told.Step != step - _told.Length) return;
        // The steps of a start-up are much alike: together they are one trial.
        var worth = 1.0 / _told.Length;
        _foretold = _keep * _foretold + worth * told.Tail;
        _broken = _keep * _broken + ((float)x > told.Record ? worth : 0);
    }

    /// <summary>Looks ahead from a step.</summary>
    /// <param name="step">The newest step.</param>
    /// <param name="isNew">Whether its demand is known, so that the outcome is to be learnt from.</param>
    /// <param name="record">The record.</param>
    /// <param name="values">Quantiles at the levels, ascending; changed in place.</param>
    public void Foretell(long step, bool isNew, float record, Span<float> values)
    {
        _record = record;
        _told[step % _told.Length] = new Told(isNew ? step : -1, record, Apply(values));
    }

    /// <summary>Scales what lies beyond the newest record, in place; what is taken from there lies at the record.</summary>
    /// <returns>The probability that it had.</returns>
    public float Apply(Span<float> values)
    {
        if (values[^1] <= _record) return 0;
        var tail = Beyond(values, _record);
        var factor = (_broken + Guess) / (_foretold + Guess);
        if (factor >= 1) return tail;
        values.CopyTo(_plain);
        var next = 1;
        for (var q = 0; q < values.Length; q++)
        {
            if (1 - _levels[q] >= tail) continue;
            var level = 1 - (1 - _levels[q]) / factor;
            while (_levels[next] < level) next++;
            var share = Math.Max(0, (level - _levels[next - 1]) / (_levels[next] - _levels[next - 1]));
            values[q] = level <= 1 - tail ? _record : (float)(_plain[next - 1] + share * (_plain[next] - _plain[next - 1]));
        }

        return tail;
    }

    public void CopyFrom(RecordTail other) => (_foretold, _broken, _record) = (other._foretold, other._broken, other._record);

    public void Save(StateWriter writer)
    {
        writer.Write(_foretold);
        writer.Write(_broken);
        writer.Write(_record);
        foreach (var told in _told)
        {
            writer.Write(told.Step);
            writer.Write(told.Record);
            writer.Write(told.Tail);
        }
    }

    public void Load(ref StateReader reader)
    {
        _foretold = reader.ReadDouble();
        _broken = reader.ReadDouble();
        _record = reader.ReadSingle();
        for (var i = 0; i < _told.Length; i++) _told[i] = new Told(reader.ReadInt64(), reader.ReadSingle(), reader.ReadSingle());
    }

    /// <summary>The probability of more than a value; nothing is said beyond the last quantile.</summary>
    private float Beyond(ReadOnlySpan<float> values, float value)
    {
        if (value < values[0]) return 1;
        var next = values.Length - 1;
        while (values[next - 1] > value) next--;
        return 1 - (_levels[next - 1] + (value - values[next - 1]) / (values[next] - values[next - 1]) * (_levels[next] - _levels[next - 1]));
    }

    private readonly record struct Told(long Step, float Record, float Tail);
}
