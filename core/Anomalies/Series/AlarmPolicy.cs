using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Anomalies.Series;

/// <summary>
/// When evidence becomes an alarm: above a threshold; not soon after another unless it is much stronger (mute and escalation); and
/// the more alarms there were lately, the more evidence it takes (a budget that recovers with time).
/// </summary>
internal sealed class AlarmPolicy
{
    private readonly double _recovery;
    private readonly int _mutedSteps;
    private readonly double _priceOfAlarm;
    private readonly double _escalation;
    private double _recent;
    private double _lastScore;
    private long _sinceLast = long.MaxValue;

    /// <param name="threshold">Evidence that an alarm takes.</param>
    /// <param name="mutedSteps">Steps after an alarm in which only escalation alarms.</param>
    /// <param name="recoverySteps">Steps after which a past alarm weighs 1/e.</param>
    /// <param name="priceOfAlarm">Share by which each recent alarm raises the threshold.</param>
    /// <param name="escalation">How many times the last alarm's evidence it takes while muted.</param>
    public AlarmPolicy(double threshold, int mutedSteps, double recoverySteps, double priceOfAlarm = 0.2, double escalation = 1.5)
    {
        (Base, _mutedSteps, _priceOfAlarm, _escalation) = (threshold, mutedSteps, priceOfAlarm, escalation);
        _recovery = Math.Exp(-1 / recoverySteps);
    }

    /// <summary>The threshold without recent alarms; an operator's labels move it.</summary>
    public double Base { get; set; }

    /// <summary>The threshold now.</summary>
    public double Threshold => Base * (1 + _priceOfAlarm * _recent);

    /// <summary>Lets a step pass and judges its evidence.</summary>
    /// <param name="score">Evidence of the step.</param>
    /// <param name="threshold">The threshold that held for it.</param>
    public bool Next(double score, out double threshold)
    {
        _recent *= _recovery;
        if (_sinceLast < long.MaxValue) _sinceLast++;
        threshold = Threshold;
        if (!(score >= threshold) || _sinceLast <= _mutedSteps && score < _escalation * _lastScore) return false;
        _lastScore = score;
        _sinceLast = 0;
        _recent++;
        return true;
    }

    /// <summary>Appends the state.</summary>
    public void Save(StateWriter writer)
    {
        writer.Write(Base);
        writer.Write(_recent);
        writer.Write(_lastScore);
        writer.Write(_sinceLast);
    }

    /// <summary>Takes over what <see cref="Save"/> wrote.</summary>
    public void Load(ref StateReader reader)
    {
        (Base, _recent, _lastScore, _sinceLast) = (reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadInt64());
        if (!(Base > 0) || !(_recent >= 0) || _sinceLast < 0) throw reader.Flaw("the alarm budget is negative");
    }
}
