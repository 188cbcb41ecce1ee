using Orleans.Runtime;

namespace Orleans.Timers;

/// <summary>Keeps the reminders of grains.</summary>
public interface IReminderRegistry
{
    /// <summary>Registers a reminder, or changes one.</summary>
    /// <param name="callingGrainId">The grain to remind.</param>
    /// <param name="reminderName">Unique in the grain.</param>
    /// <param name="dueTime">The time to the first tick.</param>
    /// <param name="period">The time between ticks; a minute or more unless configured otherwise.</param>
    /// <returns>The reminder.</returns>
    Task<IGrainReminder> RegisterOrUpdateReminder(GrainId callingGrainId, string reminderName, TimeSpan dueTime, TimeSpan period);

    /// <summary>Ends a reminder.</summary>
    /// <param name="callingGrainId">The grain that it reminds.</param>
    /// <param name="reminder">The reminder.</param>
    /// <returns>A task that ends when it is gone from storage.</returns>
    Task UnregisterReminder(GrainId callingGrainId, IGrainReminder reminder);

    /// <summary>Finds a reminder.</summary>
    /// <param name="callingGrainId">The grain that it reminds.</param>
    /// <param name="reminderName">Its name.</param>
    /// <returns>The reminder; null if there is none.</returns>
    Task<IGrainReminder?> GetReminder(GrainId callingGrainId, string reminderName);

    /// <summary>Lists the reminders of a grain.</summary>
    /// <param name="callingGrainId">The grain.</param>
    /// <returns>Its reminders, by name.</returns>
    Task<List<IGrainReminder>> GetReminders(GrainId callingGrainId);
}
