namespace ControlPlane.Silo.Health;

/// <summary>Whether the store of the state answers. While it does not, decisions go on from memory. Thread-safe.</summary>
internal sealed class StoreHealth
{
    private volatile StoreFault? _fault;

    /// <summary>What is wrong; null while the store answers, and where nothing asks it.</summary>
    public StoreFault? Fault => _fault;

    /// <summary>The store answered.</summary>
    /// <returns>What was wrong until now; null when nothing was.</returns>
    public StoreFault? Answered() => Interlocked.Exchange(ref _fault, null);

    /// <summary>The store did not answer; the time of the first failure stays.</summary>
    /// <returns>Whether this is the first failure.</returns>
    public bool Failed(string message, DateTimeOffset now)
    {
        var before = _fault;
        _fault = new StoreFault(message, before?.Since ?? now);
        return before is null;
    }
}

/// <summary>A store that does not answer.</summary>
/// <param name="Message">What is wrong.</param>
/// <param name="Since">Since when it is known.</param>
internal sealed record StoreFault(string Message, DateTimeOffset Since);
