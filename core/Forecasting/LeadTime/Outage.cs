using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.LeadTime;

/// <summary>
/// A fall to a third that nobody foresaw may be an outage, after which the demand of before is back at once. It is over when half of that is back, or after a day.
/// </summary>
/// <param name="unit">Steps of the first circumstance; each of the following lasts as long as all before it.</param>
/// <param name="longest">Steps after which it is no outage any more.</param>
internal sealed class Outage(int unit, long longest)
{
    /// <summary>Lengths that are told apart.</summary>
    public const int Circumstances = 12;

    private const double Fall = 3;
    private const double ReturnedShare = 0.5;
    private const long None = -1;
    private long _start = None;

    /// <summary>Slow mean of the logarithmic demand before it; far below any demand when there is none.</summary>
    public double LevelBefore { get; private set; } = double.NegativeInfinity;

    /// <summary>Steps since it began.</summary>
    public long Age(long step) => step - _start;

    public int Circumstance(long age) => age < unit ? 0 : Math.Min(Circumstances - 1, 1 + (int)Math.Log2(age / unit));

    /// <summary>Steps that an outage is in a circumstance.</summary>
    public int Steps(int circumstance) => circumstance == 0 ? unit : unit << (circumstance - 1);

    public void Follow(long step, double x, double level, bool isUnforeseen)
    {
        if (_start == None)
        {
            if (isUnforeseen && x < level - Math.Log(Fall)) (_start, LevelBefore) = (step, level);
        }
        else if (x >= LevelBefore + Math.Log(ReturnedShare) || Age(step) > longest)
        {
            (_start, LevelBefore) = (None, double.NegativeInfinity);
        }
    }

    public void CopyFrom(Outage other) => (_start, LevelBefore) = (other._start, other.LevelBefore);

    public void Save(StateWriter writer)
    {
        writer.Write(_start);
        writer.Write(LevelBefore);
    }

    public void Load(ref StateReader reader) => (_start, LevelBefore) = (reader.ReadInt64(), reader.ReadDouble());
}
