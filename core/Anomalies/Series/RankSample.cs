using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Anomalies.Series;

/// <summary>The rank of a value among earlier ones, from an evenly spaced sample of them: when it is full, every second one goes.</summary>
internal sealed class RankSample
{
    /// <summary>Values that are kept at most.</summary>
    public const int Capacity = 512;
    private readonly float[] _inOrderOfTime = new float[Capacity];
    private readonly float[] _sorted = new float[Capacity];
    private int _count;
    private int _stride = 1;
    private int _wait;

    /// <summary>Share of earlier values below, a tie counted half; a half when there are none.</summary>
    public double Rank(float value)
    {
        var sorted = _sorted.AsSpan(0, _count);
        var (below, notAbove) = (Bound(sorted, value, false), Bound(sorted, value, true));
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
        var at = Bound(_sorted.AsSpan(0, _count), value, true);
        _sorted.AsSpan(at, _count - at).CopyTo(_sorted.AsSpan(at + 1));
        _sorted[at] = value;
        _inOrderOfTime[_count++] = value;
        _wait = _stride - 1;
    }

    /// <summary>Appends the state.</summary>
    public void Save(StateWriter writer)
    {
        writer.Write(_count);
        writer.Write(_stride);
        writer.Write(_wait);
        writer.Write((ReadOnlySpan<float>)_inOrderOfTime.AsSpan(0, _count));
    }

    /// <summary>Takes over what <see cref="Save"/> wrote.</summary>
    public void Load(ref StateReader reader)
    {
        (_count, _stride, _wait) = (reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
        if (_count is < 0 or > Capacity || _stride < 1 || _wait < 0 || _wait >= _stride) throw reader.Flaw("a sample of ranks has impossible counts");
        reader.Read(_inOrderOfTime.AsSpan(0, _count));
        Sort();
    }

    /// <summary>First place whose value is not below (or, with ties, is above) the value.</summary>
    private static int Bound(ReadOnlySpan<float> sorted, float value, bool pastTies)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (sorted[middle] < value || pastTies && sorted[middle] == value) low = middle + 1;
            else high = middle;
        }

        return low;
    }

    private void Thin()
    {
        for (var i = 0; i < Capacity / 2; i++) _inOrderOfTime[i] = _inOrderOfTime[2 * i];
        _count = Capacity / 2;
        if (_stride <= int.MaxValue / 2) _stride *= 2;
        Sort();
    }

    private void Sort()
    {
        _inOrderOfTime.AsSpan(0, _count).CopyTo(_sorted);
        _sorted.AsSpan(0, _count).Sort();
    }
}
