using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.LeadTime;

/// <summary>
/// Decaying means of the logarithmic demand over half a minute to two hours, their recent values, and what one day and one week ago looked like: the
/// inputs that the models of all leads share.
/// </summary>
internal sealed class DemandLevels
{
    public const int Means = 6;
    public const int Changes = 3;
    public const int Surprises = 3;

    /// <summary>The mean that forecasts start from.</summary>
    public const int Base = 2;

    /// <summary>A mean that a jump does not move at once.</summary>
    public const int Slow = 4;

    private static readonly TimeSpan[] HalfLives = [.. ((double[])[30, 60, 180, 600, 1800, 7200]).Select(TimeSpan.FromSeconds)];
    private static readonly TimeSpan[] SurpriseHalfLives = [.. ((double[])[120, 600, 7200]).Select(TimeSpan.FromSeconds)];
    private static readonly TimeSpan RecentTime = TimeSpan.FromMinutes(5);
    private readonly double[] _alpha = new double[Means];
    private readonly double[] _surpriseAlpha = new double[Surprises];
    private readonly double[] _means = new double[Means];
    private readonly double[] _surprises = new double[Surprises];
    private readonly float[][] _earlier = new float[Changes][];
    private readonly float[] _recent;
    private long _newest = -1;

    public DemandLevels(TimeSpan step)
    {
        for (var i = 0; i < Means; i++) _alpha[i] = Alpha(step, HalfLives[i]);
        for (var i = 0; i < Surprises; i++) _surpriseAlpha[i] = Alpha(step, SurpriseHalfLives[i]);
        for (var i = 0; i < Changes; i++) _earlier[i] = new float[(int)Math.Max(1, Math.Round(HalfLives[1 + i] / step))];
        _recent = new float[(int)Math.Max(1, Math.Round(RecentTime / step))];
    }

    /// <summary>Known steps so far.</summary>
    public long Count { get; private set; }

    /// <summary>The newest known value.</summary>
    public double Newest { get; private set; }

    /// <summary>Decaying means, from short to long.</summary>
    public ReadOnlySpan<double> Mean => _means;

    /// <summary>Decaying means of the distance from the base mean one step earlier.</summary>
    public ReadOnlySpan<double> Surprise => _surprises;

    /// <summary>What a step adds to a decaying mean.</summary>
    public static double Alpha(TimeSpan step, TimeSpan halfLife) => 1 - Math.Pow(2, -(step / halfLife));

    /// <summary>How a mean (of 1, 2, 3) has changed over its half-life.</summary>
    public double Change(int index)
    {
        var ring = _earlier[index];
        return _means[1 + index] - ring[(_newest + 1) % ring.Length];
    }

    /// <summary>Greatest value of the last minutes.</summary>
    public double Greatest()
    {
        var greatest = _recent[0];
        foreach (var value in _recent) greatest = Math.Max(greatest, value);
        return greatest;
    }

    /// <summary>Adds a step; NaN is unknown and repeats the newest in the rings alone.</summary>
    public void Add(long step, double x)
    {
        if (double.IsNaN(x) && Count == 0) return;
        if (!double.IsNaN(x)) Learn(x);
        var skipped = _newest < 0 ? 0 : Math.Min(step - _newest - 1, _recent.Length + _earlier[^1].Length);
        for (var passed = step - skipped; passed <= step; passed++) Remember(passed);
        _newest = step;
    }

    public void Save(StateWriter writer)
    {
        writer.Write(_newest);
        writer.Write(Count);
        writer.Write(Newest);
        writer.Write(_means);
        writer.Write(_surprises);
        foreach (var ring in _earlier) writer.Write(ring);
        writer.Write(_recent);
    }

    public void Load(ref StateReader reader)
    {
        _newest = reader.ReadInt64();
        Count = reader.ReadInt64();
        Newest = reader.ReadDouble();
        reader.Read(_means);
        reader.Read(_surprises);
        foreach (var ring in _earlier) reader.Read(ring);
        reader.Read(_recent);
    }

    private void Learn(double x)
    {
        Newest = x;
        if (Count++ == 0)
        {
            Array.Fill(_means, x);
            foreach (var ring in _earlier) Array.Fill(ring, (float)x);
            Array.Fill(_recent, (float)x);
            return;
        }

        var surprise = Math.Abs(x - _means[Base]);
        for (var i = 0; i < Surprises; i++) _surprises[i] += Math.Max(_surpriseAlpha[i], 1.0 / Count) * (surprise - _surprises[i]);
        for (var i = 0; i < Means; i++) _means[i] += Math.Max(_alpha[i], 1.0 / Count) * (x - _means[i]);
    }

    private void Remember(long step)
    {
        for (var i = 0; i < Changes; i++) _earlier[i][step % _earlier[i].Length] = (float)_means[1 + i];
        _recent[step % _recent.Length] = (float)Newest;
    }
}
