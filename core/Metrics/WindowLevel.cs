using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Metrics;

/// <summary>One resolution of a metric window: a ring of the newest interval means, grown as it fills and never past its bound.</summary>
internal sealed class WindowLevel
{
    private const int FirstCapacity = 64;
    private readonly int _stepsPerBin;
    private readonly int _limit;
    private readonly bool _compact;
    private float[] _wide = [];
    private ushort[] _narrow = [];
    private long _newest = -1;
    private int _count;
    private double _sum;
    private int _known;

    public WindowLevel(TimeSpan step, TimeSpan resolution, TimeSpan reach, int most, bool compact)
    {
        _stepsPerBin = (int)Math.Max(1, (resolution.Ticks + step.Ticks - 1) / step.Ticks);
        Resolution = step * _stepsPerBin;
        _limit = (int)Math.Clamp(reach.Ticks / Resolution.Ticks, 1, most);
        _compact = compact;
    }

    public TimeSpan Resolution { get; }

    public int PayloadBytes => _wide.Length * sizeof(float) + _narrow.Length * sizeof(ushort);

    private int Capacity => _compact ? _narrow.Length : _wide.Length;

    /// <summary>Takes a step's value into the mean of its interval; the step is newer than any before.</summary>
    public void Add(long stepIndex, double? value)
    {
        var bin = (stepIndex + _stepsPerBin - 1) / _stepsPerBin;
        if (bin != _newest) Open(bin);
        if (value is not { } known) return;
        _sum += known;
        _known++;
        Store(bin, _sum / _known);
    }

    /// <summary>The mean of the interval that ends at <paramref name="bin"/> × resolution; null when unknown or out of reach.</summary>
    public double? ValueAt(long bin)
    {
        if (!Holds(bin)) return null;
        var slot = (int)(bin % Capacity);
        if (_compact) return CompactValue.Decode(_narrow[slot]);
        return float.IsNaN(_wide[slot]) ? null : _wide[slot];
    }

    public bool Holds(long bin) => _count > 0 && bin <= _newest && bin > _newest - _count;

    public void Save(StateWriter writer)
    {
        writer.Write(_newest);
        writer.Write(_count);
        writer.Write(_sum);
        writer.Write(_known);
        for (var bin = _newest - _count + 1; bin <= _newest; bin++)
        {
            var slot = (int)(bin % Math.Max(Capacity, 1));
            if (_compact) writer.Write(_narrow[slot]);
            else writer.Write(_wide[slot]);
        }
    }

    public void Load(ref StateReader reader)
    {
        _newest = reader.ReadInt64();
        _count = reader.ReadCount(0);
        _sum = reader.ReadDouble();
        _known = reader.ReadInt32();
        if (_count > _limit || _newest < _count - 1L) throw reader.Flaw("a level holds more than it can");
        Reserve(_count);
        for (var bin = _newest - _count + 1; bin <= _newest; bin++)
        {
            var slot = (int)(bin % Math.Max(Capacity, 1));
            if (_compact) _narrow[slot] = reader.ReadUInt16();
            else _wide[slot] = reader.ReadSingle();
        }
    }

    private void Open(long bin)
    {
        var gap = _count == 0 ? 1 : bin - _newest;
        var opened = (int)Math.Min(gap, _limit);
        var count = (int)Math.Min((long)_count + opened, _limit);
        Reserve(count);
        _newest = bin;
        _count = count;
        for (var missing = bin - opened + 1; missing <= bin; missing++) Store(missing, null);
        _sum = 0;
        _known = 0;
    }

    private void Store(long bin, double? value)
    {
        var slot = (int)(bin % Capacity);
        if (_compact) _narrow[slot] = CompactValue.Encode(value);
        else _wide[slot] = value is { } known ? (float)known : float.NaN;
    }

    /// <summary>Makes room for <paramref name="count"/> intervals; the held ones move to their new slots.</summary>
    private void Reserve(int count)
    {
        var old = Capacity;
        if (count <= old) return;
        var capacity = Math.Min(_limit, Math.Max(FirstCapacity, Math.Max(count, old * 2)));
        var wide = new float[_compact ? 0 : capacity];
        var narrow = new ushort[_compact ? capacity : 0];
        for (var bin = _newest - _count + 1; old > 0 && bin <= _newest; bin++)
        {
            if (_compact) narrow[bin % capacity] = _narrow[bin % old];
            else wide[bin % capacity] = _wide[bin % old];
        }

        (_wide, _narrow) = (wide, narrow);
    }
}
