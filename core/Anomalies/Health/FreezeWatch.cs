namespace ControlPlane.Core.Anomalies.Health;

/// <summary>
/// Notices values that repeat to the last bit though they used to change: a pipeline that has stopped and goes on telling the last it had.
/// </summary>
internal sealed class FreezeWatch
{
    private const int FewestSteps = 40;
    private const int Repeats = 4;
    private const int Memory = 4096;
    private const double ChangingShare = 0.95;
    private ulong _last;
    private int _changes;
    private int _steps;
    private int _repeats;

    /// <summary>Whether the last values were those of the step before though they used to change: they tell nothing new.</summary>
    public bool IsRepeat => _repeats > 0 && _steps >= FewestSteps && _changes >= ChangingShare * _steps;

    /// <summary>Takes the values of a step in.</summary>
    /// <param name="print">A number that the same values give again; 0 when there are none.</param>
    /// <returns>Whether they are frozen.</returns>
    public bool Next(ulong print)
    {
        if (print == 0) return false;
        _repeats = print == _last ? _repeats + 1 : 0;
        _last = print;
        if (_repeats >= Repeats && IsRepeat) return true;
        _steps++;
        if (_repeats == 0) _changes++;
        if (_steps >= Memory) (_steps, _changes) = (_steps / 2, _changes / 2);
        return false;
    }
}
