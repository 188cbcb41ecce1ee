using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.LeadTime;

/// <summary>
/// The demand of one period ago (a day, a week) around the present time of it: smoothed on both sides, which only the past allows. Kept in bins of half
/// precision; NaN is unknown. Smoothed bins are computed once, when the window reaches them.
/// </summary>
internal sealed class PastShape
{
    private const double Reach = 4;
    private readonly int _stepsPerBin;
    private readonly int _periodBins;
    private readonly int _aheadBins;
    private readonly Half[] _bins;
    private readonly float[] _narrowKernel;
    private readonly float[] _wideKernel;
    private readonly float[] _narrow;
    private readonly float[] _wide;
    private readonly float[] _raw;
    private long _open = -1;
    private long _smoothedTo = -1;
    private double _sum;
    private int _known;

    /// <param name="stepsPerBin">Steps in a bin.</param>
    /// <param name="periodSteps">Steps in the period.</param>
    /// <param name="aheadSteps">Furthest step ahead that is asked for.</param>
    /// <param name="narrowSteps">Half-life of the narrow smoothing on each side, steps.</param>
    /// <param name="wideSteps">Half-life of the wide one.</param>
    public PastShape(int stepsPerBin, int periodSteps, int aheadSteps, double narrowSteps, double wideSteps)
    {
        _stepsPerBin = stepsPerBin;
        _periodBins = Math.Max(1, (int)Math.Round((double)periodSteps / stepsPerBin));
        _aheadBins = aheadSteps / stepsPerBin + 2;
        _narrowKernel = Kernel(narrowSteps / stepsPerBin);
        _wideKernel = Kernel(wideSteps / stepsPerBin);
        var window = _aheadBins + 4;
        // A loaded state smooths its window again: all that it was made of must still be there.
        _bins = new Half[_periodBins + _wideKernel.Length + window];
        Array.Fill(_bins, Half.NaN);
        (_narrow, _wide, _raw) = (new float[window], new float[window], new float[window]);
    }

    /// <summary>Adds the value of a step.</summary>
    public void Add(long step, double value)
    {
        MoveTo(step);
        _sum += value;
        _known++;
    }

    /// <summary>Lets the window reach a step, known or not.</summary>
    public void MoveTo(long step)
    {
        var bin = step / _stepsPerBin;
        if (_open < 0) _open = bin;
        while (_open < bin)
        {
            if (bin - _open > _bins.Length) _open = bin - _bins.Length;
            _bins[_open % _bins.Length] = _known > 0 ? (Half)(_sum / _known) : Half.NaN;
            (_sum, _known) = (0, 0);
            _open++;
        }

        Smooth(bin - _periodBins + _aheadBins);
    }

    /// <summary>The narrow smoothing one period before a step; NaN when unknown.</summary>
    public double Narrow(double step) => At(_narrow, step);

    /// <summary>The wide smoothing one period before a step; NaN when unknown.</summary>
    public double Wide(double step) => At(_wide, step);

    /// <summary>Greatest value one period before the steps of a range; NaN when none is known.</summary>
    public double Greatest(long from, long to)
    {
        var greatest = float.NaN;
        for (var bin = from / _stepsPerBin; bin <= to / _stepsPerBin; bin++)
        {
            var value = _raw[Slot(bin - _periodBins)];
            if (!(value <= greatest)) greatest = float.IsNaN(value) ? greatest : value;
        }

        return greatest;
    }

    public void Save(StateWriter writer)
    {
        writer.Write(_open);
        writer.Write(_sum);
        writer.Write(_known);
        foreach (var bin in _bins) writer.Write(BitConverter.HalfToUInt16Bits(bin));
    }

    public void Load(ref StateReader reader)
    {
        _open = reader.ReadInt64();
        _sum = reader.ReadDouble();
        _known = reader.ReadInt32();
        for (var i = 0; i < _bins.Length; i++) _bins[i] = BitConverter.UInt16BitsToHalf(reader.ReadUInt16());
        if (_open < -1) throw reader.Flaw("its past has no order");
        _smoothedTo = -1;
        if (_open >= 0) Smooth(_open - _periodBins + _aheadBins);
    }

    /// <summary>Interpolated between the middles of bins.</summary>
    private double At(float[] values, double step)
    {
        var position = (step + 0.5) / _stepsPerBin - 0.5 - _periodBins;
        var bin = (long)Math.Floor(position);
        var (left, right) = (values[Slot(bin)], values[Slot(bin + 1)]);
        if (float.IsNaN(left)) return right;
        return float.IsNaN(right) ? left : left + (position - bin) * (right - left);
    }

    private int Slot(long bin)
    {
        var slot = (int)(bin % _raw.Length);
        return slot < 0 ? slot + _raw.Length : slot;
    }

    private void Smooth(long to)
    {
        _smoothedTo = Math.Max(_smoothedTo, to - _raw.Length);
        for (; _smoothedTo < to; _smoothedTo++)
        {
            var bin = _smoothedTo + 1;
            var slot = Slot(bin);
            _raw[slot] = Known(bin);
            _narrow[slot] = Smooth(bin, _narrowKernel);
            _wide[slot] = Smooth(bin, _wideKernel);
        }
    }

    private float Smooth(long bin, float[] kernel)
    {
        var (sum, weight) = (0f, 0f);
        for (var k = 1 - kernel.Length; k < kernel.Length; k++)
        {
            var value = Known(bin + k);
            if (float.IsNaN(value)) continue;
            sum += kernel[Math.Abs(k)] * value;
            weight += kernel[Math.Abs(k)];
        }

        return weight > 0 ? sum / weight : float.NaN;
    }

    private float Known(long bin) => bin < 0 || bin >= _open || bin <= _open - _bins.Length ? float.NaN : (float)_bins[bin % _bins.Length];

    private static float[] Kernel(double halfLife) => [.. Enumerable.Range(0, 1 + (int)Math.Ceiling(Reach * halfLife)).Select(k => (float)Math.Pow(2, -k / halfLife))];
}
