namespace ControlPlane.Core.Forecasting.Scoring;

/// <summary>
/// Rolling empirical quantiles of one model's errors at one horizon: of e/s over the last <see cref="Window"/> errors that were kept, times
/// the present s = max(½·EW₂ₕ|e| + ½·EW₃₃ₕ|e|, mean|e| ÷ 10). Errors are kept every five minutes (every step when steps are longer), so
/// that the window spans a week of five-minute steps.
/// </summary>
internal sealed class TraceResiduals
{
    public const int Window = 2016;

    private const double LeastScaleShare = 0.1;
    private static readonly TimeSpan KeepEvery = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan FastMemory = TimeSpan.FromMinutes(62.5);
    private static readonly TimeSpan SlowMemory = TimeSpan.FromMinutes(1000);
    private readonly float[] _ring = new float[Window];
    private readonly float[] _sorted = new float[Window];
    private readonly bool _isScaled;
    private readonly int _stride;
    private readonly double _fastAlpha;
    private readonly double _slowAlpha;
    private double _fast;
    private double _slow;
    private double _mean;
    private long _seen;
    private int _head;
    private int _count;

    public TraceResiduals(TimeSpan step, bool isScaled = true)
    {
        _isScaled = isScaled;
        _stride = (int)Math.Max(1, KeepEvery.Ticks / step.Ticks);
        _fastAlpha = 1 - Math.Exp(-step / FastMemory);
        _slowAlpha = 1 - Math.Exp(-step / SlowMemory);
    }

    /// <summary>The present scale; 0 before the first error.</summary>
    public double Scale { get; private set; }

    public void Add(double error)
    {
        if (_seen == 0) Grow(Math.Abs(error));
        if (_seen % _stride == 0) Keep((float)(_isScaled ? Scale > 0 ? error / Scale : 0 : error));
        if (_seen > 0) Grow(Math.Abs(error));
        _seen++;
    }

    /// <summary>The error at a level, interpolated between the kept ones; 0 before the first.</summary>
    public double Quantile(double level)
    {
        if (_count == 0) return 0;
        var place = level * _count - 0.5;
        var index = Math.Clamp((int)Math.Floor(place), 0, Math.Max(0, _count - 2));
        var share = Math.Clamp(place - index, 0, 1);
        var value = _sorted[index] + share * (_sorted[Math.Min(index + 1, _count - 1)] - _sorted[index]);
        return _isScaled ? value * Scale : value;
    }

    private void Grow(double size)
    {
        var least = 1.0 / (_seen + 1);
        _fast += Math.Max(_fastAlpha, least) * (size - _fast);
        _slow += Math.Max(_slowAlpha, least) * (size - _slow);
        _mean += least * (size - _mean);
        Scale = Math.Max(0.5 * _fast + 0.5 * _slow, LeastScaleShare * _mean);
    }

    private void Keep(float value)
    {
        var end = _count;
        if (_count == Window)
        {
            var old = Array.BinarySearch(_sorted, 0, _count, _ring[_head]);
            end = _count - 1;
            Array.Copy(_sorted, old + 1, _sorted, old, end - old);
        }
        else
        {
            _count++;
        }

        var place = Array.BinarySearch(_sorted, 0, end, value);
        if (place < 0) place = ~place;
        Array.Copy(_sorted, place, _sorted, place + 1, end - place);
        _sorted[place] = value;
        _ring[_head] = value;
        _head = (_head + 1) % Window;
    }
}
