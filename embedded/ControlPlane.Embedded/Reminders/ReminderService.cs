using ControlPlane.Embedded.Runtime;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using Orleans.Timers;

namespace ControlPlane.Embedded.Reminders;

/// <summary>Keeps reminders in storage and sends them when they are due.</summary>
internal sealed class ReminderService(Engine engine, TimeSpan minimumPeriod) : IReminderRegistry, IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(GrainId Grain, string Name), ReminderClock> _clocks = [];
    private bool _stopped;

    public async Task<IGrainReminder> RegisterOrUpdateReminder(GrainId callingGrainId, string reminderName, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, TimeSpan.Zero);
        if (period < minimumPeriod)
        {
            throw new ArgumentException(
                $"Cannot register reminder {reminderName} of {callingGrainId} with period {period}: the shortest is {minimumPeriod}.", nameof(period));
        }

        var entry = new ReminderEntry
        {
            GrainId = callingGrainId.ToString(),
            Name = reminderName,
            FirstTick = engine.Time.GetUtcNow().UtcDateTime + dueTime,
            Period = period,
        };
        await Part(callingGrainId).Put(entry);
        Run(callingGrainId, entry);
        return new Reminder(reminderName);
    }

    public async Task UnregisterReminder(GrainId callingGrainId, IGrainReminder reminder)
    {
        ArgumentNullException.ThrowIfNull(reminder);
        await Part(callingGrainId).Remove(callingGrainId.ToString(), reminder.ReminderName);
        ReminderClock? clock;
        lock (_gate)
        {
            _clocks.Remove((callingGrainId, reminder.ReminderName), out clock);
        }

        clock?.Dispose();
    }

    public async Task<IGrainReminder?> GetReminder(GrainId callingGrainId, string reminderName)
        => (await GetReminders(callingGrainId)).Find(reminder => reminder.ReminderName == reminderName);

    public async Task<List<IGrainReminder>> GetReminders(GrainId callingGrainId)
    {
        var id = callingGrainId.ToString();
        var entries = await Part(callingGrainId).All();
        return [.. entries.Where(entry => entry.GrainId == id).OrderBy(entry => entry.Name, StringComparer.Ordinal).Select(entry => new Reminder(entry.Name))];
    }

    public void Dispose()
    {
        ReminderClock[] clocks;
        lock (_gate)
        {
            _stopped = true;
            clocks = [.. _clocks.Values];
            _clocks.Clear();
        }

        foreach (var clock in clocks)
        {
            clock.Dispose();
        }
    }

    /// <summary>Starts the clocks of all stored reminders.</summary>
    internal async Task StartAsync()
    {
        if (engine.Services.GetKeyedService<IGrainStorage>(EmbeddedReminders.StorageName) is null)
        {
            return;
        }

        for (var part = 0; part < EmbeddedReminders.Parts; part++)
        {
            foreach (var entry in await Part(part).All().ConfigureAwait(false))
            {
                Run(GrainId.Parse(entry.GrainId), entry);
            }
        }
    }

    private void Run(GrainId grainId, ReminderEntry entry)
    {
        var clock = new ReminderClock(engine, grainId, entry);
        ReminderClock? before;
        lock (_gate)
        {
            if (_stopped)
            {
                return;
            }

            _clocks.Remove((grainId, entry.Name), out before);
            _clocks.Add((grainId, entry.Name), clock);
        }

        before?.Dispose();
        clock.Start();
    }

    private IReminderTableGrain Part(GrainId grainId)
    {
        // FNV-1a: the same in every process.
        var hash = 2166136261u;
        foreach (var c in grainId.ToString())
        {
            hash = (hash ^ c) * 16777619u;
        }

        return Part((int)(hash % EmbeddedReminders.Parts));
    }

    private IReminderTableGrain Part(int part)
        => engine.GrainFactory.GetGrain<IReminderTableGrain>(part.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private sealed record Reminder(string ReminderName) : IGrainReminder;
}
