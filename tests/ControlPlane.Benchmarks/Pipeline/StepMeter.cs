using System.Diagnostics;

namespace ControlPlane.Benchmarks.Pipeline;

/// <summary>Waits for the decisions of a step and keeps how long each took from the step's end.</summary>
internal sealed class StepMeter(int services)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly long[] _lags = new long[services];
    private readonly ManualResetEventSlim _all = new();
    private long _begun;
    private int _decided;

    /// <summary>Lags of all steps since the last reset, in ticks of the stopwatch.</summary>
    public List<long> Lags { get; } = [];

    public void Begin()
    {
        _all.Reset();
        Volatile.Write(ref _decided, 0);
        Volatile.Write(ref _begun, Stopwatch.GetTimestamp());
    }

    public void Decided()
    {
        var index = Interlocked.Increment(ref _decided) - 1;
        if (index >= _lags.Length) return;
        _lags[index] = Stopwatch.GetTimestamp() - Volatile.Read(ref _begun);
        if (index == _lags.Length - 1) _all.Set();
    }

    public void WaitForAll()
    {
        if (!_all.Wait(Patience)) throw new TimeoutException($"Only {Volatile.Read(ref _decided)} of {_lags.Length} services decided the step.");
        Lags.AddRange(_lags);
    }
}
