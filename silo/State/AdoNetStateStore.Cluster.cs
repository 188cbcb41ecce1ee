using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using ControlPlane.Grains;
using ControlPlane.GrainInterfaces;
using Npgsql;
using Orleans.Core.Internal;
using Orleans.Runtime;
using Orleans.Storage;

namespace ControlPlane.Silo.State;

/// <summary>The states of a cluster in PostgreSQL. Rows are read in bulk by query and written through Orleans' own storage.</summary>
internal sealed class AdoNetStateStore(
    NpgsqlDataSource database,
    [FromKeyedServices(StorageNames.Grains)] IGrainStorage storage,
    IGrainFactory grains,
    FleetKeeper keeper,
    SiloOptions options) : IStateStore
{
    /// <summary>Orleans' table; its columns are part of Orleans' contract between script and storage.</summary>
    private const string Rows = """
        SELECT GrainTypeString, GrainIdN0, GrainIdN1, GrainIdExtensionString, PayloadBinary
        FROM OrleansStorage WHERE ServiceId = $1 AND PayloadBinary IS NOT NULL
        ORDER BY GrainTypeString, GrainIdExtensionString, GrainIdN0, GrainIdN1
        """;

    private const int AtOnce = 32;

    /// <summary>Grain type by the name of the state: a row does not hold it.</summary>
    private static readonly Dictionary<string, string> GrainTypes = ReadGrainTypes();

    public string? ExportFault => null;

    public string? ImportFault => null;

    public async IAsyncEnumerable<StateRecord> ExportAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Rows);
        command.CommandTimeout = 0;
        command.Parameters.Add(new NpgsqlParameter { Value = options.ServiceId });
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            var state = rows.GetString(0);
            // Orleans' own grains, such as marks of streams, belong to this cluster alone.
            if (!GrainTypes.TryGetValue(state, out var type)) continue;
            var key = rows.IsDBNull(3) ? Key(rows.GetInt64(1), rows.GetInt64(2)) : rows.GetString(3);
            yield return new StateRecord(StorageNames.Grains, state, $"{type}/{key}", rows.GetFieldValue<byte[]>(4));
        }
    }

    public async Task<ReadOnlyMemory<byte>?> ReadAsync(StateRecord record, CancellationToken cancellationToken)
    {
        var stored = await StoredAsync(record);
        // Not "? state.Json : null": that null would become empty bytes.
        return stored.RecordExists ? stored.State?.Json : null;
    }

    public async Task WriteAsync(StateRecord record, CancellationToken cancellationToken)
    {
        var stored = await StoredAsync(record);
        stored.State = new RawState { Json = record.Json };
        await storage.WriteStateAsync(record.State, GrainId.Parse(record.Grain, CultureInfo.InvariantCulture), stored);
    }

    /// <summary>Puts awake grains to sleep: the version of their state is not the stored one any more, so that they cannot write over it.</summary>
    public async Task ForgetAsync(IReadOnlySet<string> written, CancellationToken cancellationToken)
    {
        var awake = await grains.GetGrain<IManagementGrain>(0).GetDetailedGrainStatistics();
        var stale = awake.Select(a => a.GrainId).Where(id => written.Contains(id.ToString())).Distinct();
        await Parallel.ForEachAsync(
            stale,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (id, _) => await grains.GetGrain<IGrainManagementExtension>(id).DeactivateOnIdle());
        keeper.WakeNow();
    }

    private async Task<GrainState<RawState>> StoredAsync(StateRecord record)
    {
        var stored = new GrainState<RawState>();
        await storage.ReadStateAsync(record.State, GrainId.Parse(record.Grain, CultureInfo.InvariantCulture), stored);
        return stored;
    }

    /// <summary>A key that reads as a number or a GUID is stored as one.</summary>
    private static string Key(long n0, long n1)
    {
        if (n0 == 0) return n1.ToString("x", CultureInfo.InvariantCulture);
        Span<byte> bytes = stackalloc byte[16];
        BitConverter.TryWriteBytes(bytes, n0);
        BitConverter.TryWriteBytes(bytes[8..], n1);
        return new Guid(bytes).ToString("N");
    }

    private static Dictionary<string, string> ReadGrainTypes() => typeof(GrainServices).Assembly.GetTypes()
        .Where(type => type.IsDefined(typeof(GrainTypeAttribute)))
        .SelectMany(type => type.GetConstructors().SelectMany(c => c.GetParameters())
            .Select(parameter => parameter.GetCustomAttribute<PersistentStateAttribute>())
            .Where(state => state?.StorageName == StorageNames.Grains)
            .Select(state => (state!.StateName, Type: (string)type.GetCustomAttributesData().Single(a => a.AttributeType == typeof(GrainTypeAttribute)).ConstructorArguments[0].Value!)))
        .ToDictionary(pair => pair.StateName, pair => pair.Type);
}
