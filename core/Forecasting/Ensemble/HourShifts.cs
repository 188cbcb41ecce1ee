using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.Ensemble;

/// <summary>
/// How far each level of the forecasts of all horizons misses at an hour of the day, in their spreads. Learnt by AdaGrad on the pinball loss, with the
/// expected squares of its slopes, τ(1−τ), for the seen ones. What an hour teaches counts from its end on: so a forecast up to an hour old is judged by the
/// shifts that it was given.
/// </summary>
internal sealed class HourShifts(TimeSpan step)
{
    private const int Hours = 24;
    private const double Rate = 0.01;
    private readonly long _stepsPerDay = (long)Math.Max(1, Math.Round(TimeSpan.FromDays(1) / step));
    private readonly float[] _shifts = new float[Hours * QuantileGrid.Count];
    private readonly float[] _counts = new float[Hours];
    private readonly float[] _learnt = new float[QuantileGrid.Count];
    private int _open;

    /// <summary>The shifts of a step, by level.</summary>
    public ReadOnlySpan<float> At(long step) => Of(HourOf(step));

    /// <summary>Learns an outcome.</summary>
    /// <param name="step">When.</param>
    /// <param name="outcome">What came.</param>
    /// <param name="moved">The quantiles with their shifts, by level.</param>
    public void Learn(long step, double outcome, ReadOnlySpan<float> moved)
    {
        if (HourOf(step) != _open)
        {
            _learnt.CopyTo(Of(_open));
            _open = HourOf(step);
            Of(_open).CopyTo(_learnt);
        }

        _counts[_open]++;
        for (var level = 0; level < moved.Length; level++)
        {
            var share = QuantileGrid.Levels[level];
            var slope = (outcome < moved[level] ? 1 : 0) - share;
            _learnt[level] -= (float)(Rate * slope / Math.Sqrt(1 + _counts[_open] * share * (1 - share)));
        }
    }

    public void Save(StateWriter writer)
    {
        writer.Write(_open);
        writer.Write(_shifts);
        writer.Write(_counts);
        writer.Write(_learnt);
    }

    public void Load(ref StateReader reader)
    {
        _open = reader.ReadInt32();
        if (_open is < 0 or >= Hours) throw reader.Flaw("its open hour is none of a day");
        reader.Read(_shifts);
        reader.Read(_counts);
        reader.Read(_learnt);
    }

    private Span<float> Of(int hour) => _shifts.AsSpan(hour * QuantileGrid.Count, QuantileGrid.Count);

    private int HourOf(long step) => (int)(step % _stepsPerDay * Hours / _stepsPerDay);
}
