using Orleans.Runtime;

namespace Orleans;

/// <summary>A grain that reminders can be sent to.</summary>
public interface IRemindable : IGrain
{
    /// <summary>Receives a reminder.</summary>
    /// <param name="reminderName">Its name.</param>
    /// <param name="status">When it ticks.</param>
    /// <returns>A task that ends when it was dealt with.</returns>
    Task ReceiveReminder(string reminderName, TickStatus status);
}
