using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Anomalies.Series;

/// <summary>
/// Evidence of a combination of levels that never occurred: the value now, with the values one, two … lags before. A new combination
/// weighs as much as new ones are rare: <c>-log10</c> of their share of the steps so far. Levels are bins of equal width.
/// </summary>
internal sealed class NgramNovelty
{
    private const int LargestTable = 16384;
    private readonly int _bins;
    private readonly int _orders;
    private readonly int _lag;
    private readonly bool _takesLargest;
    private readonly ulong[][] _seen;
    private readonly int[] _novelties;
    private readonly byte[] _recent;
    private double _low;
    private double _width = 1;
    private long _steps;

    /// <param name="bins">Number of levels.</param>
    /// <param name="orders">Lengths of combinations, from 1.</param>
    /// <param name="lag">Steps between the values of a combination.</param>
    /// <param name="takesLargest">Whether the evidence is the largest over the lengths; otherwise their mean.</param>
    public NgramNovelty(int bins, int orders, int lag, bool takesLargest)
    {
        (_bins, _orders, _lag, _takesLargest) = (bins, orders, lag, takesLargest);
        _seen = new ulong[orders][];
        _seen.AsSpan().Fill([]);
        _novelties = new int[orders];
        _recent = new byte[(orders - 1) * lag + 1];
    }

    /// <summary>Spreads the bins over the range of values seen, widened by twice itself to each side.</summary>
    public void SetRange(double lowest, double highest)
    {
        const double Widening = 2;
        var range = highest - lowest;
        if (!(range > 0)) range = 1e-9 * Math.Max(1, Math.Abs(highest));
        (_low, _width) = (lowest - Widening * range, (1 + 2 * Widening) * range / _bins);
    }


    /// <summary>Takes a value in and gives its evidence.</summary>
    public double Next(double value)
    {
        _recent[_steps % _recent.Length] = (byte)Math.Clamp(Math.Floor((value - _low) / _width), 0, _bins - 1);
        var (evidence, gram) = (0.0, 0L);
        for (var k = 0; k < _orders && (long)k * _lag <= _steps; k++)
        {
            gram = gram * _bins + _recent[(_steps - (long)k * _lag) % _recent.Length];
            if (!Mark(Table(k), gram)) continue;
            var one = -Math.Log10((_novelties[k] + 1.0) / (_steps + 2));
            _novelties[k]++;
            evidence = _takesLargest ? Math.Max(evidence, one) : evidence + one / _orders;
        }

        _steps++;
        return Math.Max(0, evidence);
    }

    /// <summary>Appends the state.</summary>
    public void Save(StateWriter writer)
    {
        writer.Write(_low);
        writer.Write(_width);
        writer.Write(_steps);
        writer.Write((ReadOnlySpan<byte>)_recent);
        for (var k = 0; k < _orders; k++)
        {
            writer.Write(_novelties[k]);
            for (int i = 0, words = Words(k); i < words; i++) writer.Write(_seen[k].Length > 0 ? _seen[k][i] : 0);
        }
    }

    /// <summary>Takes over what <see cref="Save"/> wrote for the same settings.</summary>
    public void Load(ref StateReader reader)
    {
        (_low, _width, _steps) = (reader.ReadDouble(), reader.ReadDouble(), reader.ReadInt64());
        if (!(_width > 0) || _steps < 0) throw reader.Flaw("the bins of the combinations have no width");
        reader.Read(_recent);
        for (var k = 0; k < _orders; k++)
        {
            _novelties[k] = reader.ReadInt32();
            _seen[k] = [];
            for (int i = 0, words = Words(k); i < words; i++)
            {
                if (reader.ReadUInt64() is var word && word != 0) Table(k)[i] = word;
            }
        }
    }

    /// <summary>Marks of the combinations of a length, made when the first is seen: nothing is while a detector warms up.</summary>
    private ulong[] Table(int order) => _seen[order].Length > 0 ? _seen[order] : _seen[order] = new ulong[Words(order)];

    private int Words(int order)
    {
        var size = 1L;
        for (var k = 0; k <= order; k++) size = Math.Min(size * _bins, LargestTable);
        return (int)((size + 63) / 64);
    }

    /// <summary>Marks a combination; false when it was marked. Those of the longest length share marks by hash: few are ever used.</summary>
    private static bool Mark(ulong[] seen, long gram)
    {
        var bits = seen.Length * 64;
        var place = bits < LargestTable ? (int)gram : (int)(((ulong)gram * 0x9E3779B97F4A7C15) >> 50);
        var bit = 1UL << (place & 63);
        if ((seen[place >> 6] & bit) != 0) return false;
        seen[place >> 6] |= bit;
        return true;
    }
}
