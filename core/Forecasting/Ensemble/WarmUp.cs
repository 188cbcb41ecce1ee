using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.Ensemble;

/// <summary>The first values, until there are enough to choose a scale from: three hours of which at least half are known.</summary>
internal sealed class WarmUp
{
    private const int LeastSteps = 12;
    private readonly int _wanted;
    private readonly List<double> _values = [];
    private long _first;

    public WarmUp(TimeSpan step) => _wanted = (int)Math.Max(LeastSteps, DemandForecaster.WarmUpTime.Ticks / step.Ticks);

    public long FirstStep => _first;

    public ReadOnlySpan<double> Values => System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_values);

    /// <summary>Adds a step (NaN: unknown); true when there is enough.</summary>
    public bool Add(long step, double value)
    {
        if (_values.Count == 0)
        {
            if (double.IsNaN(value)) return false;
            _first = step;
        }

        var skipped = Math.Min(step - _first - _values.Count, _wanted);
        for (var i = 0L; i < skipped; i++) _values.Add(double.NaN);
        _values.Add(value);
        var surplus = _values.Count - _wanted;
        if (surplus > 0) _values.RemoveRange(0, surplus);
        _first = step - _values.Count + 1;
        return !double.IsNaN(value) && _values.Count == _wanted && _values.Count(known => !double.IsNaN(known)) * 2 >= _wanted;
    }

    public void Clear()
    {
        _values.Clear();
        _values.TrimExcess();
    }

    public void Save(StateWriter writer)
    {
        writer.Write(_first);
        writer.Write(_values.Count);
        writer.Write(Values);
    }

    public void Load(ref StateReader reader)
    {
        _first = reader.ReadInt64();
        var count = reader.ReadCount(sizeof(double));
        _values.Clear();
        for (var i = 0; i < count; i++) _values.Add(reader.ReadDouble());
    }
}
