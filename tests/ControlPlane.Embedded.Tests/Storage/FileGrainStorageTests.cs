using ControlPlane.Embedded.Storage;
using ControlPlane.Embedded.Storage.Files;
using Orleans.Runtime;
using Orleans.Storage;

namespace ControlPlane.Embedded.Tests.Storage;

public sealed class FileGrainStorageTests : IDisposable
{
    private static readonly GrainId Grain = GrainId.Create("g", "cluster/ns/Deployment/x");

    private readonly TemporaryFolder _folder = new();
    private readonly LogStore _store;
    private readonly FileGrainStorage _storage;

    public FileGrainStorageTests()
    {
        _store = LogStoreFixture.Open(_folder);
        _storage = new FileGrainStorage("store", _store, new JsonGrainStorageSerializer());
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Read_NeverWritten_NewStateWithoutRecord()
    {
        var record = await ReadAsync();

        Assert.Equal(0, record.State!.Number);
        Assert.Null(record.ETag);
        Assert.False(record.RecordExists);
    }

    [Fact]
    public async Task Write_OverAnotherVersion_IsAConflictWithBothEtags()
    {
        var first = await ReadAsync();
        var second = await ReadAsync();
        first.State = new Counter { Number = 1 };
        await _storage.WriteStateAsync("state", Grain, first);

        var conflict = await Assert.ThrowsAsync<InconsistentStateException>(() => _storage.WriteStateAsync("state", Grain, second));

        Assert.Equal(first.ETag, conflict.StoredEtag);
        Assert.Null(conflict.CurrentEtag);
        Assert.Equal(1, (await ReadAsync()).State!.Number);
    }

    [Fact]
    public async Task Write_TwoOfOneVersionAtOnce_ExactlyOneWins()
    {
        var records = new[] { await ReadAsync(), await ReadAsync() };

        var outcomes = await Task.WhenAll(records.Select(async record =>
            await Record.ExceptionAsync(() => _storage.WriteStateAsync("state", Grain, record))));

        Assert.Single(outcomes, exception => exception is null);
        Assert.Single(outcomes, exception => exception is InconsistentStateException);
    }

    [Fact]
    public async Task Clear_ThenWriteWithTheOldVersion_IsAConflict()
    {
        var owner = await ReadAsync();
        await _storage.WriteStateAsync("state", Grain, owner);
        var stale = await ReadAsync();
        await _storage.ClearStateAsync("state", Grain, owner);
        await _storage.WriteStateAsync("state", Grain, owner);

        await Assert.ThrowsAsync<InconsistentStateException>(() => _storage.WriteStateAsync("state", Grain, stale));
    }

    private async Task<GrainState<Counter>> ReadAsync()
    {
        var record = new GrainState<Counter>();
        await _storage.ReadStateAsync("state", Grain, record);
        return record;
    }

    public sealed record Counter
    {
        public int Number { get; init; }
    }
}
