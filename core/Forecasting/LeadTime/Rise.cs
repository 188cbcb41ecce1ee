using System.Numerics;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.LeadTime;

/// <summary>
/// A rise that has begun: the demand is suddenly far above its mean. It may go as high as the remembered jumps that went further than this one has so far.
/// Half-way there the regression sees for itself.
/// </summary>
/// <param name="step">Length of a step.</param>
internal sealed class Rise(TimeSpan step)
{
    /// <summary>Ages, in powers of two, times sudden sizes.</summary>
    public const int Circumstances = Ages * Sizes;

    private const int Ages = 8;
    private const int Sizes = 3;
    private const double LeastSurprise = 6;
    private const double SmallestSurprise = 0.003;
    private const long None = -1;
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(30);
    private readonly double _longest = Longest / step;
    private long _start = None;
    private double _bottom;
    private int _size;

    /// <summary>The logarithmic demand that it may reach; far below any demand when there is no rise.</summary>
    public double Top { get; private set; } = double.NegativeInfinity;

    public int Circumstance(long now) => _size * Ages + Math.Min(Ages - 1, BitOperations.Log2((ulong)(now - _start) << 1 | 1));

    /// <summary>Steps that a rise is in a circumstance.</summary>
    public static int Steps(int circumstance) => circumstance % Ages == 0 ? 1 : 1 << (circumstance % Ages - 1);

    /// <summary>Looks at the newest step.</summary>
    /// <param name="now">The step.</param>
    /// <param name="levels">The levels after it.</param>
    /// <param name="jumps">What is remembered.</param>
    /// <param name="further">Least by which a jump must have gone further than this one.</param>
    public void Follow(long now, DemandLevels levels, ReadOnlySpan<JumpMemory.Jump> jumps, double further)
    {
        var newest = levels.Newest;
        if (_start != None && (now - _start > _longest || newest >= (_bottom + Top) / 2 || newest < _bottom)) End();
        var surprise = (newest - levels.Mean[DemandLevels.Base]) / (LeastSurprise * (levels.Surprise[^1] + SmallestSurprise));
        if (surprise < 1) return;
        if (_start == None) (_start, _bottom) = (now, levels.Mean[DemandLevels.Slow]);
        _size = (int)Math.Min(Sizes - 1, Math.Log2(surprise));
        var (sum, count) = (0.0, 0);
        foreach (ref readonly var jump in jumps)
        {
            double height = jump.Peak - jump.Level;
            if (_bottom + height <= newest + further) continue;
            sum += height;
            count++;
        }

        if (count == 0) End();
        else Top = _bottom + sum / count;
    }

    public void CopyFrom(Rise other) => (_start, _bottom, _size, Top) = (other._start, other._bottom, other._size, other.Top);

    public void Save(StateWriter writer)
    {
        writer.Write(_start);
        writer.Write(_bottom);
        writer.Write(_size);
        writer.Write(Top);
    }

    public void Load(ref StateReader reader)
    {
        (_start, _bottom, _size, Top) = (reader.ReadInt64(), reader.ReadDouble(), reader.ReadInt32(), reader.ReadDouble());
        if (_size is < 0 or >= Sizes || _start < None) throw reader.Flaw("it is in a rise that there is not");
    }

    private void End() => (_start, Top) = (None, double.NegativeInfinity);
}
