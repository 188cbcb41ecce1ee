using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.LeadTime;

/// <summary>
/// What regression on smoothed demand cannot foresee: a jump that comes again at the minute at which one came a day or a week ago (a job at midnight, a daily
/// sale), and the return from an outage. Each is a shift upwards of the whole forecast, as probable as it has been so far.
/// </summary>
internal sealed class JumpOutlook
{
    private const double LeastErrors = 3;
    private const double LeastShift = 4;
    private const double RecurrenceGuess = 0.25;
    private const double OutageFall = 3;
    private const double ReturnedShare = 0.5;
    private const int Ages = 12;
    private const int Nothing = -1;
    private static readonly TimeSpan Unit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Around = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan[] Periods = [TimeSpan.FromDays(1), TimeSpan.FromDays(7)];
    private readonly JumpMemory _memory;
    private readonly JumpOdds _odds;
    private readonly Awaited[] _awaited;
    private readonly long[] _periods;
    private readonly int _unit;
    private readonly int _reach;
    private long _fallStep = -1;
    private double _levelBeforeFall;

    /// <param name="step">Length of a step.</param>
    /// <param name="steps">Steps from the newest known step to the one that is foretold.</param>
    public JumpOutlook(TimeSpan step, int steps)
    {
        _unit = (int)Math.Max(1, Unit / step);
        _reach = (int)(Around / (_unit * step));
        _periods = [.. Periods.Select(period => (long)Math.Round(period / step))];
        _memory = new JumpMemory((long)(Around / step), _periods[^1] + _reach * _unit);
        _odds = new JumpOdds(Offsets * Periods.Length + Ages);
        _awaited = new Awaited[steps];
        Array.Fill(_awaited, new Awaited(-1, 0, 0, 0, Nothing));
    }

    /// <summary>By how much the demand would be above the middle of the forecast.</summary>
    public double Shift { get; private set; }

    /// <summary>How probable that is; 0 when nothing is looked for.</summary>
    public double Weight { get; private set; }

    private int Offsets => 2 * _reach + 1;

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
        FollowFall(step, x, told.Level, x < middle - LeastErrors * size);
        if (x > middle + LeastErrors * size) _memory.Add(step, x, told.Level, x - middle);
    }

    /// <summary>Looks ahead from a step.</summary>
    /// <param name="step">The newest step.</param>
    /// <param name="isNew">Whether its demand is known, so that the outcome is to be learnt from.</param>
    /// <param name="level">Slow mean of the logarithmic demand.</param>
    /// <param name="middle">What is foretold.</param>
    /// <param name="size">The error that is expected.</param>
    public void Foretell(long step, bool isNew, double level, double middle, double size)
    {
        var (circumstance, wanted) = Recurrence(step + _awaited.Length, level, middle + LeastShift * size);
        var guess = RecurrenceGuess;
        if (circumstance == Nothing && _fallStep >= 0 && _levelBeforeFall > middle + LeastShift * size)
        {
            // What has lasted for a time goes on for about as long again.
            var age = step - _fallStep;
            (circumstance, wanted, guess) = (CircumstanceOfAge(age), _levelBeforeFall, (double)_awaited.Length / (age + _awaited.Length));
        }

        (Weight, Shift) = circumstance == Nothing ? (0, 0) : (_odds.Of(circumstance, guess), wanted - middle);
        _awaited[step % _awaited.Length] = new Awaited(isNew ? step : -1, (float)level, (float)middle, (float)wanted, circumstance);
    }

    /// <summary>Starts from what another knows; what still waits for its outcome is left behind.</summary>
    public void Inherit(JumpOutlook other)
    {
        _memory.CopyFrom(other._memory);
        _odds.CopyFrom(other._odds);
        (_fallStep, _levelBeforeFall, Shift, Weight) = (other._fallStep, other._levelBeforeFall, other.Shift, other.Weight);
    }

    public void Save(StateWriter writer)
    {
        _memory.Save(writer);
        _odds.Save(writer);
        writer.Write(_fallStep);
        writer.Write(_levelBeforeFall);
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
        _fallStep = reader.ReadInt64();
        _levelBeforeFall = reader.ReadDouble();
        Shift = reader.ReadDouble();
        Weight = reader.ReadDouble();
        for (var i = 0; i < _awaited.Length; i++)
        {
            _awaited[i] = new Awaited(reader.ReadInt64(), reader.ReadSingle(), reader.ReadSingle(), reader.ReadSingle(), reader.ReadInt32());
            if (_awaited[i].Circumstance < Nothing || _awaited[i].Circumstance >= Offsets * Periods.Length + Ages) throw reader.Flaw("it waits for what there is not");
        }
    }

    /// <summary>The remembered jump that would come again nearest to a step, of a day ago before a week ago.</summary>
    private (int Circumstance, double Wanted) Recurrence(long step, double level, double least)
    {
        for (var p = 0; p < _periods.Length; p++)
        {
            var (nearest, best, wanted) = (long.MaxValue, Nothing, 0.0);
            foreach (ref readonly var jump in _memory.Jumps)
            {
                var late = step - _periods[p] - jump.Start;
                var offset = late < -_reach * _unit ? -1 : (late + _reach * _unit) / _unit;
                if (offset < 0 || offset >= Offsets || Math.Abs(late) >= nearest || level + jump.Peak - jump.Level < least) continue;
                (nearest, best, wanted) = (Math.Abs(late), p * Offsets + (int)offset, level + jump.Peak - jump.Level);
            }

            if (best != Nothing) return (best, wanted);
        }

        return (Nothing, 0);
    }

    /// <summary>A fall to a third that nobody foresaw may be an outage; it is over when half of the demand is back, or after a day.</summary>
    private void FollowFall(long step, double x, double level, bool isUnforeseen)
    {
        if (_fallStep < 0)
        {
            if (isUnforeseen && x < level - Math.Log(OutageFall)) (_fallStep, _levelBeforeFall) = (step, level);
        }
        else if (x >= _levelBeforeFall + Math.Log(ReturnedShare) || step - _fallStep > _periods[0]) _fallStep = -1;
    }

    /// <summary>Outages are told apart by how long they have lasted, in powers of two.</summary>
    private int CircumstanceOfAge(long age) => Offsets * Periods.Length + (age < _unit ? 0 : Math.Min(Ages - 1, 1 + (int)Math.Log2(age / _unit)));

    private double StepWorth(int circumstance)
    {
        var age = circumstance - Offsets * Periods.Length;
        return 1.0 / (age <= 0 ? _unit : _unit << (age - 1));
    }

    private readonly record struct Awaited(long Step, float Level, float Middle, float Wanted, int Circumstance);
}
