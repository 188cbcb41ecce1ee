namespace ControlPlane.Contract.Tests;

/// <summary>The times that a contract test may want shorter than usual.</summary>
public sealed record ContractHostSettings
{
    public TimeSpan ResponseTimeout { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan CollectionAge { get; init; } = TimeSpan.FromMinutes(15);

    public TimeSpan CollectionQuantum { get; init; } = TimeSpan.FromMinutes(1);
}

/// <summary>Lives as long as the activation that was given it.</summary>
public sealed class ScopedService : IDisposable
{
    public bool IsDisposed { get; private set; }

    public void Dispose() => IsDisposed = true;
}
