using System.Text;
using ControlPlane.Embedded.Storage.Files;
using Microsoft.Extensions.Logging;

namespace ControlPlane.Embedded.Tests.Storage;

/// <summary>Short words for working with a log.</summary>
internal static class LogStoreFixture
{
    internal static LogStore Open(TemporaryFolder folder, ILogger? logger = null, long compactAt = long.MaxValue)
        => new(new FileGrainStorageOptions { Folder = folder.Path, CompactionMinimumBytes = compactAt }, logger ?? new ListLogger());

    internal static LogKey Key(string grain) => new("store", "state", grain);

    internal static Task<long> PutAsync(this LogStore store, string grain, string value)
        => store.WriteAsync(new LogWrite(LogFormat.Kind.Put, Key(grain), null, isForced: true, Encoding.UTF8.GetBytes(value)));

    internal static Task<long> ClearAsync(this LogStore store, string grain)
        => store.WriteAsync(new LogWrite(LogFormat.Kind.Clear, Key(grain), null, isForced: true, default));

    internal static string? Get(this LogStore store, string grain)
        => store.Read(Key(grain)) is { } found ? Encoding.UTF8.GetString(found.Json) : null;

    internal static Dictionary<string, string> Contents(this LogStore store)
        => store.All().ToDictionary(record => record.Key.Grain, record => Encoding.UTF8.GetString(record.Json));
}

internal sealed class ListLogger : ILogger
{
    internal List<string> Warnings { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull
        => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        => Warnings.Add(formatter(state, exception));
}
