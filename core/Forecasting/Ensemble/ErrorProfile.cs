using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.Ensemble;

/// <summary>
/// How large errors are at a time of the day, against their size at the moment: demands that jump at fixed times are hard to foretell just then. One
/// for all horizons, in bins of about five minutes.
/// </summary>
internal sealed class ErrorProfile
{
    private const float Smallest = 0.3f;
    private const float Largest = 4;
    private const double DayWeight = 0.3;
    private static readonly TimeSpan BinWidth = TimeSpan.FromMinutes(5);
    private readonly float[] _ratios;
    private readonly long _stepsPerDay;
    private readonly double _weight;

    /// <param name="step">Length of a step.</param>
    /// <param name="outcomes">Outcomes that are told in one bin on one day.</param>
    public ErrorProfile(TimeSpan step, double outcomes)
    {
        _stepsPerDay = (long)Math.Max(1, Math.Round(TimeSpan.FromDays(1) / step));
        _ratios = new float[(int)Math.Min(_stepsPerDay, TimeSpan.FromDays(1) / BinWidth)];
        _weight = Math.Min(DayWeight, DayWeight / Math.Max(1, outcomes));
        Array.Fill(_ratios, 1f);
    }

    /// <summary>Factor on the size of the errors of a step: the root of the learnt ratio, between that and none.</summary>
    public float FactorAt(long step) => MathF.Sqrt(Math.Clamp(_ratios[Bin(step)], Smallest, Largest));

    /// <summary>Learns an error.</summary>
    /// <param name="step">When.</param>
    /// <param name="ratio">Its size ÷ the size that was expected without this profile.</param>
    public void Add(long step, double ratio)
    {
        ref var slot = ref _ratios[Bin(step)];
        slot += (float)(_weight * (Math.Min(ratio, 2 * Largest) - slot));
    }

    public void Save(StateWriter writer) => writer.Write(_ratios);

    public void Load(ref StateReader reader) => reader.Read(_ratios);

    private int Bin(long step) => (int)(step % _stepsPerDay * _ratios.Length / _stepsPerDay);
}
