using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.Network;

/// <summary>
/// What the load network remembers of one workload beside the seasonal memory that all members share: the last values on the logarithmic scale, how much
/// they change over one and more steps, decaying means and two trends. Less than 1 KB.
/// </summary>
internal sealed class LoadHistory
{
    /// <summary>Values kept.</summary>
    public const int Length = 64;

    /// <summary>Smallest change of a step that counts, on the model scale: a ten-thousandth of the load.</summary>
    private const double LeastChange = 1e-4;

    private const double FastAlpha = 1.0 / 20;
    private const double SlowAlpha = 1.0 / 200;
    private static readonly int[] Spans = [8, 32];
    private static readonly double[] MeanMinutes = [1, 3, 10, 30, 120, 480];
    private static readonly (double Level, double Trend)[] TrendWeights = [(0.5, 0.2), (0.2, 0.05)];
    private const double Damping = 0.95;
    private static readonly double[] Logs = [.. Enumerable.Range(0, 256).Select(steps => Math.Log(Math.Max(1, steps)))];

    /// <summary>Sum of what is left of a trend after each of so many steps; beyond the table it changes no more.</summary>
    private static readonly double[] Damped = [.. Enumerable.Range(0, 256).Select(steps => Damping * (1 - Math.Pow(Damping, steps)) / (1 - Damping))];

    private readonly double[] _meanAlphas;
    private readonly float[] _values = new float[Length];
    private readonly double[] _means = new double[MeanMinutes.Length];
    private readonly double[] _levels = new double[TrendWeights.Length];
    private readonly double[] _trends = new double[TrendWeights.Length];
    private readonly double[] _changes = new double[2 + Spans.Length];
    private double _product;
    private double _lastChange;
    private long _count;

    private long _known;

    /// <param name="step">Length of a step.</param>
    public LoadHistory(TimeSpan step)
    {
        LogMinutes = Math.Log(step.TotalMinutes);
        Step = step;
        _meanAlphas = [.. MeanMinutes.Select(minutes => 1 - Math.Exp(-step / TimeSpan.FromMinutes(minutes)))];
    }

    public TimeSpan Step { get; }

    /// <summary>ln of the step in minutes.</summary>
    public double LogMinutes { get; }

    /// <summary>Number of the newest known step; −1 before the first.</summary>
    public long Newest { get; private set; } = -1;

    /// <summary>The newest value.</summary>
    public double Z { get; private set; }

    /// <summary>Time that the known values cover, days.</summary>
    public double Days => _known * Step.TotalDays;

    /// <summary>Decaying means over 1, 3, 10 and 30 minutes, 2 and 8 hours.</summary>
    public ReadOnlySpan<double> Means => _means;

    /// <summary>Typical absolute change of a step lately, at least <see cref="LeastChange"/>.</summary>
    public double Scale => Math.Max(0.5 * (_changes[0] + _changes[1]), LeastChange);

    /// <summary>ln of the last twenty changes' size over the last two hundred's.</summary>
    public double Unrest => Math.Log(Math.Max(_changes[0], LeastChange) / Math.Max(_changes[1], LeastChange));

    /// <summary>Correlation of one change with the next; negative for noise around a level, positive for a smooth curve.</summary>
    public double Persistence => _product / Math.Max(_changes[1] * _changes[1], LeastChange * LeastChange);

    /// <summary>How the size of a change grows with its length: exponents up to 8 steps and from 8 to 32.</summary>
    public (double Near, double Far) Growth
    {
        get
        {
            var (one, near, far) = (Math.Max(_changes[1], LeastChange), Math.Max(_changes[2], LeastChange), Math.Max(_changes[3], LeastChange));
            return (Math.Clamp(Math.Log(near / one) / Math.Log(Spans[0]), 0, 1), Math.Clamp(Math.Log(far / near) / Math.Log((double)Spans[1] / Spans[0]), 0, 1));
        }
    }

    /// <summary>ln of how much larger the typical change over some steps is than that of one.</summary>
    public static double LogGrowth(int steps, (double Near, double Far) growth) =>
        growth.Near * LogOf(Math.Min(steps, Spans[0])) + growth.Far * Math.Max(0, LogOf(steps) - LogOf(Spans[0]));

    /// <summary>ln of a number of steps.</summary>
    public static double LogOf(int steps) => steps < Logs.Length ? Logs[steps] : Math.Log(steps);

    /// <summary>The value some steps back; the oldest kept when that is longer ago.</summary>
    public float Before(int steps) => _values[(int)((_count - 1 - Math.Min(steps, Math.Min(_count, Length) - 1)) % Length)];

    /// <summary>Where a trend points some steps ahead.</summary>
    public double Trend(int index, int steps) => _levels[index] + _trends[index] * Damped[Math.Min(steps, Damped.Length - 1)];

    /// <summary>Learns a value; steps without one repeat the one before them.</summary>
    /// <param name="step">Number of the step, after <see cref="Newest"/>.</param>
    /// <param name="z">The value, finite.</param>
    public void Update(long step, double z)
    {
        var gap = _known == 0 ? 1 : (int)Math.Clamp(step - Newest, 1, int.MaxValue);
        (Newest, Z) = (step, z);
        if (_known++ == 0)
        {
            Array.Fill(_means, z);
            Array.Fill(_levels, z);
        }
        else
        {
            Measure(z, gap);
            var last = Before(0);
            for (var i = 1; i < Math.Min(gap, Length); i++) _values[_count++ % Length] = last;
        }

        _values[_count++ % Length] = (float)z;
        for (var i = 0; i < _means.Length; i++)
        {
            var alpha = gap == 1 ? _meanAlphas[i] : 1 - Math.Pow(1 - _meanAlphas[i], gap);
            _means[i] += Math.Max(alpha, 1.0 / _known) * (z - _means[i]);
        }
    }

    public void Save(StateWriter writer)
    {
        writer.Write(Newest);
        writer.Write(Z);
        writer.Write(_known);
        writer.Write(_count);
        writer.Write(_product);
        writer.Write(_lastChange);
        writer.Write(_values);
        writer.Write(_means);
        writer.Write(_levels);
        writer.Write(_trends);
        writer.Write(_changes);
    }

    public void Load(ref StateReader reader)
    {
        Newest = reader.ReadInt64();
        Z = reader.ReadDouble();
        _known = reader.ReadInt64();
        _count = reader.ReadInt64();
        _product = reader.ReadDouble();
        _lastChange = reader.ReadDouble();
        reader.Read(_values);
        reader.Read(_means);
        reader.Read(_levels);
        reader.Read(_trends);
        reader.Read(_changes);
        if (_count < 0 || _known < 0) throw reader.Flaw("the network's history has no length");
    }

    private void Measure(double z, int gap)
    {
        var change = (z - Before(0)) / Math.Sqrt(gap);
        var size = Math.Abs(change);
        _changes[0] += Math.Max(FastAlpha, 1.0 / _count) * (size - _changes[0]);
        _changes[1] += Math.Max(SlowAlpha, 1.0 / _count) * (size - _changes[1]);
        for (var i = 0; i < Spans.Length; i++)
        {
            if (_count < Spans[i])
            {
                _changes[2 + i] = _changes[1] * Math.Sqrt(Spans[i]);
                continue;
            }

            var seen = _count - Spans[i] + 1;
            _changes[2 + i] += Math.Max(SlowAlpha, 1.0 / (seen + 10)) * (Math.Abs(z - Before(Spans[i] - 1)) - _changes[2 + i]);
        }

        var most = 4 * _changes[1] * _changes[1];
        _product += Math.Max(SlowAlpha, 1.0 / _count) * (Math.Clamp(change * _lastChange, -most, most) - _product);
        _lastChange = change;
        for (var i = 0; i < _levels.Length; i++)
        {
            var (moved, level) = (_levels[i] + gap * _trends[i] * Damping, _levels[i]);
            _levels[i] = moved + TrendWeights[i].Level * (z - moved);
            _trends[i] = Damping * _trends[i] + TrendWeights[i].Trend * ((_levels[i] - level) / gap - Damping * _trends[i]);
        }
    }
}
