using System.Collections.Immutable;
using System.ComponentModel;

namespace ControlPlane.Embedded.Reminders;

/// <summary>A part of all reminders; a grain of the engine's own, so that writes to it come one after the other.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
[Alias("ControlPlane.Embedded.IReminderTableGrain")]
public interface IReminderTableGrain : IGrainWithStringKey
{
    /// <summary>Lists the part's reminders.</summary>
    /// <returns>The reminders, in the order of their registration.</returns>
    [Alias("All")]
    Task<ImmutableArray<ReminderEntry>> All();

    /// <summary>Adds a reminder or replaces the one of the same grain and name.</summary>
    /// <param name="entry">The reminder.</param>
    /// <returns>A task that ends when it is stored.</returns>
    [Alias("Put")]
    Task Put(ReminderEntry entry);

    /// <summary>Removes a reminder.</summary>
    /// <param name="grainId">Its grain.</param>
    /// <param name="name">Its name.</param>
    /// <returns>A task that ends when it is gone from storage.</returns>
    [Alias("Remove")]
    Task Remove(string grainId, string name);
}

/// <summary>A stored reminder.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
[GenerateSerializer]
[Immutable]
[Alias("ControlPlane.Embedded.ReminderEntry")]
public sealed record ReminderEntry
{
    /// <summary>The grain, <c>type/key</c>.</summary>
    [Id(0)]
    public required string GrainId { get; init; }

    /// <summary>The reminder's name.</summary>
    [Id(1)]
    public required string Name { get; init; }

    /// <summary>The time of the first tick, UTC.</summary>
    [Id(2)]
    public required DateTime FirstTick { get; init; }

    /// <summary>The time between ticks.</summary>
    [Id(3)]
    public required TimeSpan Period { get; init; }
}

/// <summary>The stored state of a part.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
[GenerateSerializer]
[Alias("ControlPlane.Embedded.ReminderTable")]
public sealed record ReminderTable
{
    /// <summary>The reminders, in the order of their registration.</summary>
    [Id(0)]
    public ImmutableArray<ReminderEntry> Entries { get; init; } = [];
}

/// <summary>A part of all reminders.</summary>
/// <param name="table">Its state.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
[GrainType("embedded-reminders")]
public sealed class ReminderTableGrain([PersistentState("reminders", EmbeddedReminders.StorageName)] IPersistentState<ReminderTable> table)
    : Grain, IReminderTableGrain
{
    /// <inheritdoc/>
    public Task<ImmutableArray<ReminderEntry>> All() => Task.FromResult(table.State.Entries);

    /// <inheritdoc/>
    public Task Put(ReminderEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return Write(table.State.Entries.RemoveAll(e => e.GrainId == entry.GrainId && e.Name == entry.Name).Add(entry));
    }

    /// <inheritdoc/>
    public Task Remove(string grainId, string name) => Write(table.State.Entries.RemoveAll(e => e.GrainId == grainId && e.Name == name));

    private async Task Write(ImmutableArray<ReminderEntry> entries)
    {
        var before = table.State;
        table.State = new ReminderTable { Entries = entries };
        try
        {
            await table.WriteStateAsync();
        }
        catch
        {
            // Whether it was written is not known; the next activation reads what is there.
            table.State = before;
            DeactivateOnIdle();
            throw;
        }
    }
}

/// <summary>Names of the reminder service.</summary>
public static class EmbeddedReminders
{
    /// <summary>The name of the grain storage that reminders are kept in.</summary>
    public const string StorageName = "reminders";

    /// <summary>The number of parts that reminders are split into.</summary>
    internal const int Parts = 16;
}
