using Orleans.Runtime;

namespace ControlPlane.Contract.Tests.Timers;

[Alias("contract.ITimerGrain")]
public interface ITimerGrain : IGrainWithStringKey
{
    Task Start(string name, TimeSpan dueTime, TimeSpan period, bool interleave = false, bool throws = false);

    Task Change(string name, TimeSpan dueTime, TimeSpan period);

    Task Stop(string name);

    Task End();

    Task<int> TicksDuringAwait(string name, string other);

    Task<string?> Reminder(string name);

    Task Remind(string name, TimeSpan dueTime, TimeSpan period);

    Task ForgetReminder(string name);
}

[GrainType("contract-timer")]
public sealed class TimerGrain : Grain, ITimerGrain, IRemindable
{
    private readonly Dictionary<string, IGrainTimer> _timers = [];

    private Probe Probe => Probe.Of(this.GetPrimaryKeyString());

    public Task Start(string name, TimeSpan dueTime, TimeSpan period, bool interleave = false, bool throws = false)
    {
        _timers[name] = this.RegisterGrainTimer(
            static async (self, _) =>
            {
                await Task.Yield();
                self.Grain.Probe.Add(self.Name);
                if (self.Throws)
                {
                    throw new FormatException("tick");
                }
            },
            (Grain: this, Name: name, Throws: throws),
            new GrainTimerCreationOptions(dueTime, period) { Interleave = interleave });
        return Task.CompletedTask;
    }

    public Task Change(string name, TimeSpan dueTime, TimeSpan period)
    {
        _timers[name].Change(dueTime, period);
        return Task.CompletedTask;
    }

    public Task Stop(string name)
    {
        _timers[name].Dispose();
        return Task.CompletedTask;
    }

    public Task End()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    /// <summary>Awaits until the other timer, which interleaves, has ticked five times; gives how often this one did meanwhile.</summary>
    public async Task<int> TicksDuringAwait(string name, string other)
    {
        var before = Probe.Count(name);
        var goal = Probe.Count(other) + 5;
        while (Probe.Count(other) < goal)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }

        return Probe.Count(name) - before;
    }

    public async Task<string?> Reminder(string name) => (await this.GetReminder(name))?.ReminderName;

    public Task Remind(string name, TimeSpan dueTime, TimeSpan period) => this.RegisterOrUpdateReminder(name, dueTime, period);

    public async Task ForgetReminder(string name) => await this.UnregisterReminder((await this.GetReminder(name))!);

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        Probe.Add("reminded " + reminderName);
        return Task.CompletedTask;
    }
}
