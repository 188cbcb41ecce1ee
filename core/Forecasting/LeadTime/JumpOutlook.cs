using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.LeadTime;

/// <summary>
/// What regression on smoothed demand cannot foresee: a jump that comes again at the minute at which one came a day or a week ago (a job at midnight, a daily
/// sale), the return from an outage, and how high a rise that has begun may go. Each is a shift upwards of the whole forecast, as probable as it has been so far.
/// </summary>
internal sealed class JumpOutlook
{
    private const double LeastErrors = 3;
    private const double LeastShift = 4;
    private const double RecurrenceGuess = 0.25;
    private const double RiseGuess = 0.1;
    private const int Nothing = -1;
    private static readonly TimeSpan Unit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Around = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan[] Periods = [TimeSpan.FromDays(1), TimeSpan.FromDays(7)];
    private readonly JumpMemory _memory;
    private readonly JumpOdds _odds;
    private readonly Outage _outage;
    private readonly Rise _rise;
    private readonly Awaited[] _awaited;
    private readonly long[] _periods;
    private readonly int _unit;
    private readonly int _reach;

    /// <param name="step">Length of a step.</param>
    /// <param name="steps">Steps from the newest known step to the one that is foretold.</param>
    public JumpOutlook(TimeSpan step, int steps)
    {
        _unit = (int)Math.Max(1, Unit / step);
        _reach = (int)(Around / (_unit * step));
        _periods = [.. Periods.Select(period => (long)Math.Round(period / step))];
        _memory = new JumpMemory((long)(Around / step), _periods[^1] + _reach * _unit);
        _outage = new Outage(_unit, _periods[0]);
        _rise = new Rise(step);
        _odds = new JumpOdds(FirstOfRise + Rise.Circumstances);
        _awaited = new Awaited[steps];
        Array.Fill(_awaited, new Awaited(-1, 0, 0, 0, Nothing));
    }

    /// <summary>By how much the demand would be above the middle of the forecast.</summary>
    public double Shift { get; private set; }

    /// <summary>How probable that is; 0 when nothing is looked for.</summary>
    public double Weight { get; private set; }

    private int Offsets => 2 * _reach + 1;

    private int FirstOfOutage => Periods.Length * Offsets;

    private int FirstOfRise => FirstOfOutage + Outage.Circumstances;

    /// <summary>Learns from the outcome of a step that was foretold.</summary>
    /// <param name="step">The step.</param>
    /// <param name="x">Its logarithmic demand.</param>
    /// <param name="middle">What was foretold.</param>
    /// <param name="size">The error that was expected.</param>
    public void Learn(long step, double x, double middle, double size)
    {
        var told = _awaited[step % _awaited.Length];
        if (told.Step != step - _awaited.Length) return;
        if (told.Circumstance != Nothing) _odds.Count(told.Circumstance, x >= (told.Wanted + told.Middle) / 2, StepWorth(told.Circumstance));
        _outage.Follow(step, x, told.Level, x < middle - LeastErrors * size);
        if (x > middle + LeastErrors * size) _memory.Add(step, x, told.Level, x - middle);
    }

    /// <summary>Looks ahead from a step.</summary>
    /// <param name="step">The newest step.</param>
    /// <param name="isNew">Whether its demand is known, so that the outcome is to be learnt from.</param>
    /// <param name="levels">Levels of the logarithmic demand.</param>
    /// <param name="middle">What is foretold.</param>
    /// <param name="size">The error that is expected.</param>
    public void Foretell(long step, bool isNew, DemandLevels levels, double middle, double size)
    {
        var level = levels.Mean[DemandLevels.Slow];
        var least = LeastShift * size;
        if (isNew) _rise.Follow(step, levels, _memory.Jumps, least);
        var (circumstance, wanted) = Recurrence(step + _awaited.Length, level, middle + least);
        var guess = RecurrenceGuess;
        if (circumstance == Nothing && _outage.LevelBefore > middle + least)
        {
            // What has lasted for a time goes on for about as long again.
            var age = _outage.Age(step);
            (circumstance, wanted, guess) = (FirstOfOutage + _outage.Circumstance(age), _outage.LevelBefore, (double)_awaited.Length / (age + _awaited.Length));
        }

        if (circumstance == Nothing && _rise.Top > middle + least)
            (circumstance, wanted, guess) = (FirstOfRise + _rise.Circumstance(step), _rise.Top, RiseGuess);
        (Weight, Shift) = circumstance == Nothing ? (0, 0) : (_odds.Of(circumstance, guess), wanted - middle);
        _awaited[step % _awaited.Length] = new Awaited(isNew ? step : -1, (float)level, (float)middle, (float)wanted, circumstance);
    }

    /// <summary>Starts from what another knows; what still waits for its outcome is left behind.</summary>
    public void Inherit(JumpOutlook other)
    {
        _memory.CopyFrom(other._memory);
        _odds.CopyFrom(other._odds);
        _outage.CopyFrom(other._outage);
        _rise.CopyFrom(other._rise);
        (Shift, Weight) = (other.Shift, other.Weight);
    }

    public void Save(StateWriter writer)
    {
        _memory.Save(writer);
        _odds.Save(writer);
        _outage.Save(writer);
        _rise.Save(writer);
        writer.Write(Shift);
        writer.Write(Weight);
        foreach (var told in _awaited)
        {
            writer.Write(told.Step);
            writer.Write(told.Level);
            writer.Write(told.Middle);
            writer.Write(told.Wanted);
            writer.Write(told.Circumstance);
        }
    }

    public void Load(ref StateReader reader)
    {
        _memory.Load(ref reader);
        _odds.Load(ref reader);
        _outage.Load(ref reader);
        _rise.Load(ref reader);
        Shift = reader.ReadDouble();
        Weight = reader.ReadDouble();
        for (var i = 0; i < _awaited.Length; i++)
        {
            _awaited[i] = new Awaited(reader.ReadInt64(), reader.ReadSingle(), reader.ReadSingle(), reader.ReadSingle(), reader.ReadInt32());
            if (_awaited[i].Circumstance < Nothing || _awaited[i].Circumstance >= FirstOfRise + Rise.Circumstances) throw reader.Flaw("it waits for what there is not");
        }
    }

    /// <summary>The remembered jump that would come again nearest to a step, of a day ago before a week ago.</summary>
    private (int Circumstance, double Wanted) Recurrence(long step, double level, double least)
    {
        var (early, window) = (_reach * _unit, (ulong)(Offsets * _unit));
        for (var p = 0; p < _periods.Length; p++)
        {
            var (nearest, best, wanted) = (long.MaxValue, Nothing, 0.0);
            var first = step - _periods[p] + early;
            foreach (ref readonly var jump in _memory.Jumps)
            {
                // Most lie elsewhere, before the window or after it: one comparison for both.
                var place = (ulong)(first - jump.Start);
                if (place >= window) continue;
                var distance = Math.Abs((long)place - early);
                if (distance >= nearest || level + jump.Peak - jump.Level < least) continue;
                (nearest, best, wanted) = (distance, p * Offsets + (int)place / _unit, level + jump.Peak - jump.Level);
            }

            if (best != Nothing) return (best, wanted);
        }

        return (Nothing, 0);
    }

    /// <summary>The steps of a whole trial are worth 1 together.</summary>
    private double StepWorth(int circumstance) =>
        circumstance < FirstOfOutage ? 1.0 / _unit
        : circumstance < FirstOfRise ? 1.0 / _outage.Steps(circumstance - FirstOfOutage)
        : 1.0 / Rise.Steps(circumstance - FirstOfRise);

    private readonly record struct Awaited(long Step, float Level, float Middle, float Wanted, int Circumstance);
}
