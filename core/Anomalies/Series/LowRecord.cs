using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Anomalies.Series;

/// <summary>
/// Evidence that a value is unusually low: <c>-log10</c> of the share of earlier values at or below it. The lowest distinct values
/// are counted exactly; above them it is at most what the highest of them would give, and 0 beyond.
/// </summary>
internal sealed class LowRecord
{
    private const int Capacity = 32;
    private readonly double[] _values = new double[Capacity];
    private readonly int[] _counts = new int[Capacity];
    private int _kept;
    private int _total;

    /// <summary>Gives the evidence of a value and takes it in.</summary>
    public double Next(double value)
    {
        var (place, atOrBelow) = (0, 0);
        while (place < _kept && _values[place] < value) atOrBelow += _counts[place++];
        var isKnown = place < _kept && _values[place] == value;
        if (isKnown) atOrBelow += _counts[place];
        var isBeyond = place == _kept && _kept == Capacity;
        var evidence = isBeyond ? 0 : -Math.Log10((atOrBelow + 1.0) / (_total + 1.0));
        if (_total < int.MaxValue - 1) _total++;
        if (isKnown) _counts[place]++;
        else if (!isBeyond) Insert(place, value);
        return evidence;
    }

    /// <summary>Appends the state.</summary>
    public void Save(StateWriter writer)
    {
        writer.Write(_kept);
        writer.Write(_total);
        writer.Write((ReadOnlySpan<double>)_values.AsSpan(0, _kept));
        for (var i = 0; i < _kept; i++) writer.Write(_counts[i]);
    }

    /// <summary>Takes over what <see cref="Save"/> wrote.</summary>
    public void Load(ref StateReader reader)
    {
        (_kept, _total) = (reader.ReadInt32(), reader.ReadInt32());
        if (_kept is < 0 or > Capacity || _total < 0) throw reader.Flaw("a record of low values has impossible counts");
        reader.Read(_values.AsSpan(0, _kept));
        for (var i = 0; i < _kept; i++) _counts[i] = reader.ReadInt32();
    }

    private void Insert(int place, double value)
    {
        var last = Math.Min(_kept, Capacity - 1);
        Array.Copy(_values, place, _values, place + 1, last - place);
        Array.Copy(_counts, place, _counts, place + 1, last - place);
        (_values[place], _counts[place]) = (value, 1);
        _kept = last + 1;
    }
}
