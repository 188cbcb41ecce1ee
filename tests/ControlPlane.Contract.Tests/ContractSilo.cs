using ControlPlane.Contract.Tests.Wiring;

namespace ControlPlane.Contract.Tests;

/// <summary>The silo that most contract tests share; each test uses keys of its own.</summary>
public sealed class ContractSilo : IAsyncLifetime
{
    private ContractHost? _host;

    public IClusterClient Client => _host!.Client;

    public async Task InitializeAsync() => _host = await ContractHost.StartAsync(new ContractHostSettings());

    public async Task DisposeAsync() => await _host!.DisposeAsync();
}

[CollectionDefinition(Name)]
public sealed class ContractCollection : ICollectionFixture<ContractSilo>
{
    public const string Name = "contract";
}
