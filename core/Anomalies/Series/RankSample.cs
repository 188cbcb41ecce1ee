using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Anomalies.Series;

/// <summary>The rank of a value among earlier ones, from an evenly spaced sample of them: when it is full, every second one goes.</summary>
internal sealed class RankSample
{
    /// <summary>Values that are kept at most.</summary>
    public const int Capacity = 512;
    private readonly float[] _values = new float[Capacity];
    private int _count;
    private int _stride = 1;
    private int _wait;

    /// <summary>Share of earlier values below, a tie counted half; a half when there are none.</summary>
    public double Rank(float value)
    {
        // Counted, not kept in order: it is asked once a step, and an order would take as much memory again.
        var (below, notAbove) = (0, 0);
        foreach (var earlier in _values.AsSpan(0, _count))
        {
            below += earlier < value ? 1 : 0;
            notAbove += earlier <= value ? 1 : 0;
        }

        return ((below + notAbove) / 2.0 + 0.5) / (_count + 1);
    }

    /// <summary>Takes a value in.</summary>
    public void Add(float value)
    {
        if (_wait > 0)
        {
            _wait--;
            return;
        }

        if (_count == Capacity) Thin();
        _values[_count++] = value;
        _wait = _stride - 1;
    }

    /// <summary>Appends the state.</summary>
    public void Save(StateWriter writer)
    {
        writer.Write(_count);
        writer.Write(_stride);
        writer.Write(_wait);
        writer.Write((ReadOnlySpan<float>)_values.AsSpan(0, _count));
    }

    /// <summary>Takes over what <see cref="Save"/> wrote.</summary>
    public void Load(ref StateReader reader)
    {
        (_count, _stride, _wait) = (reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
        if (_count is < 0 or > Capacity || _stride < 1 || _wait < 0 || _wait >= _stride) throw reader.Flaw("a sample of ranks has impossible counts");
        reader.Read(_values.AsSpan(0, _count));
    }

    private void Thin()
    {
        for (var i = 0; i < Capacity / 2; i++) _values[i] = _values[2 * i];
        _count = Capacity / 2;
        if (_stride <= int.MaxValue / 2) _stride *= 2;
    }
}
