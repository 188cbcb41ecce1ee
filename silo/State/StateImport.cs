using System.Collections.Concurrent;

namespace ControlPlane.Silo.State;

/// <summary>Brings a file of states into a store.</summary>
internal static class StateImport
{
    /// <summary>Conflicts that a message names; the rest are counted.</summary>
    private const int Named = 10;

    private const int AtOnce = 16;

    /// <summary>
    /// Imports a file. Without force nothing at all is written when the store holds another state of any grain in the file: it may be newer.
    /// </summary>
    /// <exception cref="InvalidDataException">The file is damaged; nothing was written.</exception>
    /// <exception cref="StateConflictException">The store holds other states; nothing was written, unless they came up meanwhile.</exception>
    public static async Task<ImportResult> RunAsync(IStateStore store, string file, bool force, CancellationToken cancellationToken)
    {
        await StateFile.VerifyAsync(file, cancellationToken);
        if (!force) Refuse(await ConflictsAsync(store, file, cancellationToken));

        var (written, same) = (new ConcurrentDictionary<string, byte>(), 0);
        await EachAsync(file, async (record, token) =>
        {
            var stored = await store.ReadAsync(record, token);
            if (stored is { } present && record.HasSameState(present))
            {
                Interlocked.Increment(ref same);
                return;
            }
            if (stored is not null && !force) Refuse([record.Name]);
            await store.WriteAsync(record, token);
            written.TryAdd($"{record.State} {record.Grain}", 0);
        }, cancellationToken);
        var grains = written.Keys.Select(k => k[(k.IndexOf(' ') + 1)..]).ToHashSet(StringComparer.Ordinal);
        await store.ForgetAsync(grains, cancellationToken);
        return new ImportResult(written.Count, same);
    }

    private static async Task<IReadOnlyCollection<string>> ConflictsAsync(IStateStore store, string file, CancellationToken cancellationToken)
    {
        var conflicts = new ConcurrentBag<string>();
        await EachAsync(file, async (record, token) =>
        {
            if (await store.ReadAsync(record, token) is { } present && !record.HasSameState(present)) conflicts.Add(record.Name);
        }, cancellationToken);
        return conflicts;
    }

    private static Task EachAsync(string file, Func<StateRecord, CancellationToken, ValueTask> act, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            StateFile.ReadAsync(file, cancellationToken), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, act);

    private static void Refuse(IReadOnlyCollection<string> conflicts)
    {
        if (conflicts.Count == 0) return;
        var named = string.Join('\n', conflicts.Order(StringComparer.Ordinal).Take(Named).Select(c => $"  {c}"));
        var more = conflicts.Count > Named ? $"\n  and {conflicts.Count - Named} more" : "";
        throw new StateConflictException($"the store holds other states than the file, which may be newer; --force replaces them:\n{named}{more}");
    }
}

/// <summary>What an import did.</summary>
/// <param name="Imported">States written.</param>
/// <param name="Unchanged">States that were there already, byte for byte.</param>
internal sealed record ImportResult(int Imported, int Unchanged);

/// <summary>The store holds other states than the file.</summary>
internal sealed class StateConflictException(string message) : Exception(message);
