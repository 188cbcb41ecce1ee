using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Anomalies.Series;

/// <summary>
/// How surprising a sequence of symbols is: each is predicted from the three before it by blending the frequencies after longer and
/// longer contexts (context-tree prediction, Willems, Shtarkov and Tjalkens 1995), and the log losses of the last symbols are averaged.
/// </summary>
internal sealed class ContextTree
{
    /// <summary>Number of symbols.</summary>
    public const int Symbols = 8;
    private const int Order = 3;
    private const int Averaged = 12;
    private const double Prior = 2;
    private static readonly int[] Starts = [0, Symbols, Symbols + Symbols * Symbols, Symbols + Symbols * Symbols + Symbols * Symbols * Symbols];
    private readonly byte[] _counts = new byte[Starts[Order] + Symbols * Symbols * Symbols * Symbols];
    private readonly double[] _losses = new double[Averaged];
    private int _past;
    private long _steps;

    /// <summary>Takes a symbol in and gives the mean log loss of the last ones.</summary>
    public double Next(int symbol)
    {
        var depth = (int)Math.Min(Order, _steps);
        var p = 1.0 / Symbols;
        for (var k = 0; k <= depth; k++)
        {
            // The context of k symbols: the last k, newest in the highest place.
            var counts = _counts.AsSpan(Starts[k] + ContextOf(k) * Symbols, Symbols);
            p = (counts[symbol] + Prior * p * (k == 0 ? 2 : 1)) / (Sum(counts) + (k == 0 ? 2 * Prior : Prior));
            Count(counts, symbol);
        }

        _losses[_steps % Averaged] = -Math.Log(p);
        _steps++;
        _past = (_past * Symbols + symbol) % (Symbols * Symbols * Symbols);
        var (filled, sum) = ((int)Math.Min(_steps, Averaged), 0.0);
        for (var i = 0; i < filled; i++) sum += _losses[i];
        return sum / filled;
    }

    /// <summary>Appends the state.</summary>
    public void Save(StateWriter writer)
    {
        writer.Write(_steps);
        writer.Write(_past);
        writer.Write((ReadOnlySpan<double>)_losses);
        writer.Write((ReadOnlySpan<byte>)_counts);
    }

    /// <summary>Takes over what <see cref="Save"/> wrote.</summary>
    public void Load(ref StateReader reader)
    {
        (_steps, _past) = (reader.ReadInt64(), reader.ReadInt32());
        if (_steps < 0 || _past is < 0 or >= Symbols * Symbols * Symbols) throw reader.Flaw("a context is out of range");
        reader.Read(_losses);
        reader.Read(_counts);
    }

    private static int Sum(ReadOnlySpan<byte> counts)
    {
        var sum = 0;
        foreach (var count in counts) sum += count;
        return sum;
    }

    /// <summary>A full counter halves its context: the frequencies stay, older symbols count less.</summary>
    private static void Count(Span<byte> counts, int symbol)
    {
        if (counts[symbol] == byte.MaxValue)
        {
            for (var s = 0; s < counts.Length; s++) counts[s] /= 2;
        }

        counts[symbol]++;
    }

    private int ContextOf(int length)
    {
        var (context, past) = (0, _past);
        for (var k = 0; k < length; k++, past /= Symbols) context = context * Symbols + past % Symbols;
        return context;
    }
}
