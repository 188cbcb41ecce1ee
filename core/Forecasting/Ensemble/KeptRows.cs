using System.Runtime.InteropServices;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.Ensemble;

/// <summary>
/// The quantiles of open predictions: medians as they are, the other levels in spreads from it and in half precision, because their state is what costs.
/// </summary>
/// <param name="capacity">Open predictions at most.</param>
internal sealed class KeptRows(int capacity)
{
    private readonly float[] _medians = new float[capacity];
    private readonly float[] _spreads = new float[capacity];
    private readonly Half[] _levels = new Half[capacity * QuantileGrid.Count];

    /// <summary>What the other levels are measured in.</summary>
    public float SpreadOf(int slot) => _spreads[slot];

    /// <summary>Keeps a row; one of NaN stays that.</summary>
    /// <param name="slot">Where.</param>
    /// <param name="row">The quantiles, by level.</param>
    /// <param name="spread">About their width, above 0.</param>
    public void Keep(int slot, ReadOnlySpan<float> row, float spread)
    {
        (_medians[slot], _spreads[slot]) = (row[QuantileGrid.Median], spread);
        var levels = _levels.AsSpan(slot * QuantileGrid.Count, QuantileGrid.Count);
        for (var level = 0; level < levels.Length; level++)
            levels[level] = (Half)Math.Clamp((row[level] - row[QuantileGrid.Median]) / spread, (float)Half.MinValue, (float)Half.MaxValue);
    }

    /// <summary>Fills a row with what was kept.</summary>
    public void Read(int slot, Span<float> row)
    {
        for (var level = 0; level < QuantileGrid.Count; level++) row[level] = _medians[slot] + _spreads[slot] * (float)_levels[slot * QuantileGrid.Count + level];
    }

    public void Save(StateWriter writer)
    {
        writer.Write(_medians);
        writer.Write(_spreads);
        writer.Write(MemoryMarshal.Cast<Half, ushort>(_levels));
    }

    public void Load(ref StateReader reader)
    {
        reader.Read(_medians);
        reader.Read(_spreads);
        reader.Read(MemoryMarshal.Cast<Half, ushort>(_levels.AsSpan()));
    }
}
