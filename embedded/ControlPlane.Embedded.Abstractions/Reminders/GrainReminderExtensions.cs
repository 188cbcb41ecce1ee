using Orleans.Runtime;

namespace Orleans;

/// <summary>Reminders of a grain: they survive its activation and the process.</summary>
public static class GrainReminderExtensions
{
    /// <summary>Registers a reminder, or changes one.</summary>
    /// <param name="grain">The grain; it implements <see cref="IRemindable"/>.</param>
    /// <param name="reminderName">Unique in the grain.</param>
    /// <param name="dueTime">The time to the first tick.</param>
    /// <param name="period">The time between ticks; a minute or more unless configured otherwise.</param>
    /// <returns>The reminder.</returns>
    public static Task<IGrainReminder> RegisterOrUpdateReminder(this IGrainBase grain, string reminderName, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(grain);
        RequireName(reminderName);
        var context = EmbeddedGrainContext.Of(grain);
        return grain is IRemindable
            ? context.Reminders.RegisterOrUpdateReminder(context.GrainId, reminderName, dueTime, period)
            : throw new InvalidOperationException(
                $"Grain {context.GrainId} is not '{nameof(IRemindable)}'. A grain should implement {nameof(IRemindable)} to use the persistent reminder service");
    }

    /// <summary>Ends a reminder.</summary>
    /// <param name="grain">The grain.</param>
    /// <param name="reminder">The reminder.</param>
    /// <returns>A task that ends when it is gone from storage.</returns>
    public static Task UnregisterReminder(this IGrainBase grain, IGrainReminder reminder)
    {
        var context = EmbeddedGrainContext.Of(grain);
        return context.Reminders.UnregisterReminder(context.GrainId, reminder);
    }

    /// <summary>Finds a reminder.</summary>
    /// <param name="grain">The grain.</param>
    /// <param name="reminderName">Its name.</param>
    /// <returns>The reminder; null if there is none.</returns>
    public static Task<IGrainReminder?> GetReminder(this IGrainBase grain, string reminderName)
    {
        RequireName(reminderName);
        var context = EmbeddedGrainContext.Of(grain);
        return context.Reminders.GetReminder(context.GrainId, reminderName);
    }

    /// <summary>Lists the grain's reminders.</summary>
    /// <param name="grain">The grain.</param>
    /// <returns>Its reminders, by name.</returns>
    public static Task<List<IGrainReminder>> GetReminders(this IGrainBase grain)
    {
        var context = EmbeddedGrainContext.Of(grain);
        return context.Reminders.GetReminders(context.GrainId);
    }

    private static void RequireName(string reminderName)
    {
        if (string.IsNullOrWhiteSpace(reminderName))
        {
            throw new ArgumentNullException(nameof(reminderName));
        }
    }
}
