using System.Numerics;

namespace ControlPlane.Core.Forecasting.Members;

/// <summary>
/// The stretches of the last week that are most like the newest two hours, and what came after each (analogues: Lorenz 1969; nearest neighbours: Farmer and
/// Sidorowich 1987). It knows loads that repeat at no fixed time. Looked for anew after every step in the seasonal memory, so that it has no state of its own.
/// </summary>
internal sealed class Analogs(SeasonalMemory season)
{
    /// <summary>Bins that are compared, the newest first; a whole number of vectors.</summary>
    private const int Window = 24;
    private const int Neighbours = 20;
    private const int LeastCandidates = 4 * Neighbours;

    /// <summary>Bins back of the newest candidate: what came after it, for the longest horizon, is known.</summary>
    private const int Newest = 14;

    /// <summary>Share of the neighbours' mean distance that is added to each, so that no perfect one outweighs all.</summary>
    private const double Softness = 0.5;
    private const double LeastDistance = 1e-12;
    private const double LowShare = 0.1;

    /// <summary>How much a bin weighs in a distance: each before it 0.9 times.</summary>
    private static readonly float[] Weights = [.. Enumerable.Range(0, Window).Select(i => (float)Math.Pow(0.9, i))];
    private readonly int[] _backs = new int[Neighbours];
    private readonly double[] _distances = new double[Neighbours];
    private long _newest = -1;
    private bool _found;

    /// <summary>What came after the most alike stretches, as changes on the logarithmic scale; NaN while the past is too short.</summary>
    /// <param name="newest">The newest step.</param>
    /// <param name="z">Its value on the logarithmic scale.</param>
    /// <param name="steps">Steps ahead, at most the longest horizon.</param>
    public Analog After(long newest, double z, int steps)
    {
        if (newest != _newest) (_newest, _found) = (newest, Find(newest, (float)z));
        if (!_found) return new(double.NaN, double.NaN, double.NaN);
        Span<double> changes = stackalloc double[Neighbours];
        Span<double> weights = stackalloc double[Neighbours];
        var count = 0;
        var soft = LeastDistance;
        foreach (var distance in _distances) soft += Softness * distance / Neighbours;
        for (var i = 0; i < Neighbours; i++)
        {
            var change = season.Back(newest, _backs[i] - season.BinsOf(steps)) - season.Back(newest, _backs[i]);
            if (double.IsNaN(change)) continue;
            var place = count++;
            for (; place > 0 && changes[place - 1] > change; place--) (changes[place], weights[place]) = (changes[place - 1], weights[place - 1]);
            (changes[place], weights[place]) = (change, 1 / (_distances[i] + soft));
        }

        return count == 0 ? new(double.NaN, double.NaN, double.NaN) : Summary(changes[..count], weights[..count]);
    }

    /// <summary>After a load: the past may be another.</summary>
    public void Forget() => _newest = -1;

    private bool Find(long newest, float z)
    {
        var bins = 7 * season.BinsPerDay;
        Span<float> past = stackalloc float[bins];
        past[0] = z;
        for (var back = 1; back < bins; back++) past[back] = (float)season.Back(newest, back);
        Span<float> own = stackalloc float[Window];
        for (var i = 0; i < Window; i++) own[i] = past[i] - z;
        var (found, candidates) = (0, 0);
        for (var back = Newest; back + Window <= bins; back++)
        {
            var distance = Distance(own, past.Slice(back, Window));
            if (double.IsNaN(distance)) continue;
            candidates++;
            if (found == Neighbours && distance >= _distances[^1]) continue;
            var place = found < Neighbours ? found++ : Neighbours - 1;
            for (; place > 0 && _distances[place - 1] > distance; place--) (_distances[place], _backs[place]) = (_distances[place - 1], _backs[place - 1]);
            (_distances[place], _backs[place]) = (distance, back);
        }

        return candidates >= LeastCandidates;
    }

    /// <summary>Weighted squared distance of two shapes, each relative to its newest value; NaN when one is not wholly known.</summary>
    private static double Distance(ReadOnlySpan<float> own, ReadOnlySpan<float> other)
    {
        var first = new Vector<float>(other[0]);
        var sum = Vector<float>.Zero;
        for (var i = 0; i < Window; i += Vector<float>.Count)
        {
            var difference = new Vector<float>(other[i..]) - first - new Vector<float>(own[i..]);
            sum += new Vector<float>(Weights.AsSpan(i)) * difference * difference;
        }

        return Vector.Sum(sum);
    }

    /// <summary>The weighted mean, and where a tenth of the weight lies below and above.</summary>
    private static Analog Summary(ReadOnlySpan<double> changes, ReadOnlySpan<double> weights)
    {
        var (total, mean) = (0.0, 0.0);
        for (var i = 0; i < changes.Length; i++) (total, mean) = (total + weights[i], mean + weights[i] * changes[i]);
        var (low, high) = (0, changes.Length - 1);
        var (below, above) = (weights[low], weights[high]);
        while (below < LowShare * total) below += weights[++low];
        while (above < LowShare * total) above += weights[--high];
        return new(mean / total, changes[low], changes[high]);
    }
}

/// <summary>What came after stretches like the newest.</summary>
/// <param name="Middle">Their weighted mean.</param>
/// <param name="Low">About their 10th percentile.</param>
/// <param name="High">About their 90th.</param>
internal readonly record struct Analog(double Middle, double Low, double High);
