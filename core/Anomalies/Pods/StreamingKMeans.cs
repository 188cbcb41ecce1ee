using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Anomalies.Pods;

/// <summary>
/// k-means over a stream (MacQueen 1967, with forgetting): every vector moves its nearest centre a little. The first different vectors
/// become the centres. The distance to the nearest centre says how unlike anything earlier a vector is.
/// </summary>
internal sealed class StreamingKMeans
{
    private readonly int _dimensions;
    private readonly int _memory;
    private readonly double[] _centres;
    private readonly double[] _weights;

    /// <param name="clusters">Most centres.</param>
    /// <param name="dimensions">Numbers in a vector.</param>
    /// <param name="memory">Vectors of a cluster after which one weighs 1/e.</param>
    public StreamingKMeans(int clusters, int dimensions, int memory)
    {
        (_dimensions, _memory) = (dimensions, memory);
        (_centres, _weights) = (new double[clusters * dimensions], new double[clusters]);
    }

    /// <summary>Centres in use.</summary>
    public int Count { get; private set; }

    /// <summary>A centre.</summary>
    public ReadOnlySpan<double> Centre(int cluster) => _centres.AsSpan(cluster * _dimensions, _dimensions);

    /// <summary>Distance of a vector to the nearest centre; infinite without centres.</summary>
    public double Distance(ReadOnlySpan<double> vector) => Nearest(vector).Distance;

    /// <summary>Takes a vector in; one that is not finite is left out.</summary>
    /// <param name="vector">The vector.</param>
    /// <param name="apart">Distance from every centre at which it starts one, while there is room.</param>
    public void Add(ReadOnlySpan<double> vector, double apart)
    {
        foreach (var x in vector)
        {
            if (!double.IsFinite(x)) return;
        }

        var (cluster, distance) = Nearest(vector);
        if (Count < _weights.Length && distance > apart)
        {
            vector.CopyTo(_centres.AsSpan(Count * _dimensions));
            _weights[Count++] = 1;
            return;
        }

        // So far away that its distance overflows: it is like nothing here.
        if (cluster < 0) return;
        _weights[cluster] = Math.Min(_memory, _weights[cluster] + 1);
        var centre = _centres.AsSpan(cluster * _dimensions, _dimensions);
        for (var j = 0; j < _dimensions; j++) centre[j] += (vector[j] - centre[j]) / _weights[cluster];
    }

    /// <summary>Appends the state.</summary>
    public void Save(StateWriter writer)
    {
        writer.Write(Count);
        writer.Write((ReadOnlySpan<double>)_centres);
        writer.Write((ReadOnlySpan<double>)_weights);
    }

    /// <summary>Takes over what <see cref="Save"/> wrote for the same settings.</summary>
    public void Load(ref StateReader reader)
    {
        Count = reader.ReadInt32();
        if (Count < 0 || Count > _weights.Length) throw reader.Flaw("it has more centres than fit");
        reader.Read(_centres);
        reader.Read(_weights);
    }

    private (int Cluster, double Distance) Nearest(ReadOnlySpan<double> vector)
    {
        var (best, nearest) = (-1, double.PositiveInfinity);
        for (var c = 0; c < Count; c++)
        {
            var sum = 0.0;
            var centre = Centre(c);
            for (var j = 0; j < _dimensions; j++) sum += (vector[j] - centre[j]) * (vector[j] - centre[j]);
            if (sum < nearest) (best, nearest) = (c, sum);
        }

        return (best, Math.Sqrt(nearest));
    }
}
