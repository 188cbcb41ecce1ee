using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.Members;

/// <summary>The demands of the last 36 steps before any of the newest, as they were.</summary>
internal sealed class RecentDemands
{
    /// <summary>How many earlier demands are told.</summary>
    public const int LagCount = 16;

    private static readonly int[] Lags = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 16, 20, 24, 36];
    private readonly float[] _ring;
    private long _newest = -1;

    /// <param name="reach">How many steps before the newest an origin may lie.</param>
    public RecentDemands(int reach)
    {
        _ring = new float[Lags[^1] + 1 + reach];
        Array.Fill(_ring, float.NaN);
    }

    /// <summary>Adds a demand; steps between the newest and it are unknown.</summary>
    public void Add(long step, double demand)
    {
        for (var missing = Math.Max(_newest + 1, step - _ring.Length); missing < step; missing++) _ring[missing % _ring.Length] = float.NaN;
        _ring[step % _ring.Length] = (float)demand;
        _newest = step;
    }

    /// <summary>The demands 1–12, 16, 20, 24 and 36 steps before an origin, less its own; NaN where one is unknown.</summary>
    /// <param name="origin">The newest step or one that it reaches.</param>
    /// <param name="differences">At least <see cref="LagCount"/>.</param>
    public void CopyDifferences(long origin, Span<float> differences)
    {
        var own = _ring[origin % _ring.Length];
        for (var i = 0; i < LagCount; i++) differences[i] = origin < Lags[i] ? float.NaN : _ring[(origin - Lags[i]) % _ring.Length] - own;
    }

    public void Save(StateWriter writer)
    {
        writer.Write(_newest);
        writer.Write(_ring);
    }

    public void Load(ref StateReader reader)
    {
        _newest = reader.ReadInt64();
        reader.Read(_ring);
    }
}
