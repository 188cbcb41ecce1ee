namespace ControlPlane.Simulation.Backtest.Frontier;

/// <summary>Least of the last numbers, one after the other: with the newest pods removed first, the ready ones are the least total since a start-up ago.</summary>
/// <param name="length">How many numbers count, the newest included.</param>
internal sealed class ReadyWindow(int length)
{
    private readonly (int Step, int Value)[] _rising = new (int, int)[length + 1];
    private int _head;
    private int _count;
    private int _step;

    /// <summary>Adds a number and gives the least of the window.</summary>
    public int Push(int value)
    {
        while (_count > 0 && At(_count - 1).Value >= value) _count--;
        At(_count++) = (_step, value);
        if (At(0).Step <= _step - length)
        {
            _head = (_head + 1) % _rising.Length;
            _count--;
        }

        _step++;
        return At(0).Value;
    }

    /// <summary>Forgets all numbers.</summary>
    public void Clear() => _count = 0;

    private ref (int Step, int Value) At(int i) => ref _rising[(_head + i) % _rising.Length];
}
