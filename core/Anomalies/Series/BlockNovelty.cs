using System.Numerics;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Anomalies.Series;

/// <summary>
/// Novelty of the recent course: the last block means as a vector (a delay embedding, Takens 1981) and its mean Euclidean distance
/// to the two nearest vectors of the past. Consecutive vectors share their block means, so that one mean a block is all that is kept.
/// </summary>
internal sealed class BlockNovelty
{
    /// <summary>Block means that are kept at most, oldest dropped first.</summary>
    public const int Capacity = 448;
    private const int DroppedAtOnce = 32;
    private readonly int _block;
    private readonly float[] _values;
    private readonly float[] _means;
    private readonly float[] _past = new float[Capacity];
    private int _pastCount;
    private long _steps;

    /// <param name="block">Values in a block.</param>
    /// <param name="longest">Most block means in a vector.</param>
    public BlockNovelty(int block, int longest)
    {
        _block = block;
        _values = new float[block];
        _means = new float[(longest - 1) * block + 1];
    }

    /// <summary>Takes a value in.</summary>
    public void Add(float value)
    {
        _values[_steps % _block] = value;
        var filled = (int)Math.Min(_steps + 1, _block);
        var sum = 0.0;
        for (var i = 0; i < filled; i++) sum += _values[i];
        var mean = (float)(sum / filled);
        _means[_steps % _means.Length] = mean;
        if (++_steps % _block == 0) Keep(mean);
    }

    /// <summary>Distance of the newest vector to its two nearest earlier ones that do not overlap it.</summary>
    /// <param name="size">Block means in the vector, at most the longest.</param>
    /// <returns>NaN while there are too few.</returns>
    public double Novelty(int size)
    {
        if (_steps < (long)size * _block) return double.NaN;
        // The vectors that ended in the last size blocks share values with the newest one.
        var count = _pastCount - 2 * size + 1;
        if (count < 2) return double.NaN;
        Span<float> distances = stackalloc float[count];
        distances.Clear();
        for (var j = 0; j < size; j++)
        {
            var mean = _means[(_steps - 1 - (long)j * _block) % _means.Length];
            AddSquares(_past.AsSpan(size - 1 - j, count), mean, distances);
        }

        var (first, second) = (float.PositiveInfinity, float.PositiveInfinity);
        foreach (var d in distances)
        {
            if (d < first) (first, second) = (d, first);
            else if (d < second) second = d;
        }

        return (Math.Sqrt(first) + Math.Sqrt(second)) / 2;
    }

    /// <summary>Appends the state.</summary>
    public void Save(StateWriter writer)
    {
        writer.Write(_steps);
        writer.Write(_pastCount);
        writer.Write((ReadOnlySpan<float>)_values);
        writer.Write((ReadOnlySpan<float>)_means);
        writer.Write((ReadOnlySpan<float>)_past.AsSpan(0, _pastCount));
    }

    /// <summary>Takes over what <see cref="Save"/> wrote for the same settings.</summary>
    public void Load(ref StateReader reader)
    {
        _steps = reader.ReadInt64();
        _pastCount = reader.ReadInt32();
        if (_steps < 0 || _pastCount is < 0 or > Capacity) throw reader.Flaw("it has more past than fits");
        reader.Read(_values);
        reader.Read(_means);
        reader.Read(_past.AsSpan(0, _pastCount));
    }

    private static void AddSquares(ReadOnlySpan<float> past, float mean, Span<float> distances)
    {
        var i = 0;
        var centre = new Vector<float>(mean);
        for (; i + Vector<float>.Count <= past.Length; i += Vector<float>.Count)
        {
            var difference = new Vector<float>(past[i..]) - centre;
            (new Vector<float>(distances[i..]) + difference * difference).CopyTo(distances[i..]);
        }

        for (; i < past.Length; i++) distances[i] += (past[i] - mean) * (past[i] - mean);
    }

    private void Keep(float mean)
    {
        if (_pastCount == Capacity)
        {
            _past.AsSpan(DroppedAtOnce).CopyTo(_past);
            _pastCount -= DroppedAtOnce;
        }

        _past[_pastCount++] = mean;
    }
}
