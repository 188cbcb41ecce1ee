using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.Ensemble;

/// <summary>
/// Keeps coverage honest. Averaging the members' quantiles makes them too wide; so it counts how often outcomes lay below each combined
/// quantile and reads each level where that share was reached (Kuleshov et al. 2018), shrunk to no change while outcomes are few.
/// </summary>
internal sealed class Recalibration
{
    private readonly double _shrinkage;
    private const double LeastProbability = 0.0005;
    private const int RefreshEvery = 16;
    private static readonly TimeSpan Memory = TimeSpan.FromDays(4);
    private readonly double _alpha;
    private readonly float[] _raw = new float[QuantileGrid.Count];
    private readonly float[] _given = new float[QuantileGrid.Count];
    private readonly int[] _index = new int[QuantileGrid.Count];
    private readonly float[] _share = new float[QuantileGrid.Count];

    /// <param name="interval">Time between two scored outcomes.</param>
    /// <param name="shrinkage">Outcomes that the assumption of no flaw weighs.</param>
    public Recalibration(TimeSpan interval, double shrinkage = 150)
    {
        _shrinkage = shrinkage;
        _alpha = 1 - Math.Exp(-interval / Memory);
        Refresh();
    }

    /// <summary>Outcomes counted.</summary>
    public long Count { get; private set; }

    /// <summary>Share of outcomes below what was given at a level.</summary>
    public double Covered(int level) => _given[level];

    /// <summary>Counts an outcome.</summary>
    /// <param name="raw">The quantiles before <see cref="Apply"/>, by level.</param>
    /// <param name="given">Those that were given in the end.</param>
    /// <param name="outcome">What came.</param>
    public void Add(ReadOnlySpan<float> raw, ReadOnlySpan<float> given, double outcome)
    {
        Count++;
        var alpha = Math.Max(_alpha, 1.0 / Count);
        for (var level = 0; level < raw.Length; level++)
        {
            _raw[level] += (float)alpha * ((outcome <= raw[level] ? 1 : 0) - _raw[level]);
            _given[level] += (float)alpha * ((outcome <= given[level] ? 1 : 0) - _given[level]);
        }

        if (Count % RefreshEvery == 0) Refresh();
    }

    /// <summary>Reads each level of <paramref name="row"/> where it belongs.</summary>
    public void Apply(ReadOnlySpan<float> row, Span<float> given)
    {
        for (var level = 0; level < given.Length; level++)
        {
            var i = _index[level];
            given[level] = row[i] + _share[level] * (row[i + 1] - row[i]);
        }
    }

    public void Save(StateWriter writer)
    {
        writer.Write(Count);
        writer.Write(_raw);
        writer.Write(_given);
        foreach (var index in _index) writer.Write(index);
        writer.Write(_share);
    }

    public void Load(ref StateReader reader)
    {
        Count = reader.ReadInt64();
        reader.Read(_raw);
        reader.Read(_given);
        for (var level = 0; level < _index.Length; level++)
        {
            _index[level] = reader.ReadInt32();
            if (_index[level] is < 0 or > QuantileGrid.Count - 2) throw reader.Flaw("a recalibration points nowhere");
        }

        reader.Read(_share);
    }

    private void Refresh()
    {
        Span<double> scores = stackalloc double[QuantileGrid.Count];
        var effective = Math.Min(Count, 1 / _alpha);
        for (var level = 0; level < scores.Length; level++)
        {
            var nominal = QuantileGrid.Levels[level];
            var share = (effective * _raw[level] + _shrinkage * nominal) / (effective + _shrinkage);
            scores[level] = QuantileGrid.NormalQuantile(Math.Clamp(share, LeastProbability, 1 - LeastProbability));
            if (level > 0) scores[level] = Math.Max(scores[level], scores[level - 1] + 1e-6);
        }

        for (var level = 0; level < scores.Length; level++)
        {
            var wanted = QuantileGrid.NormalQuantile(QuantileGrid.Levels[level]);
            var i = 0;
            while (i < scores.Length - 2 && scores[i + 1] < wanted) i++;
            _index[level] = i;
            _share[level] = (float)Math.Clamp((wanted - scores[i]) / (scores[i + 1] - scores[i]), -1, 2);
        }
    }
}
