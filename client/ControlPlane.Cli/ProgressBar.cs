using Spectre.Console;

namespace ControlPlane.Cli;

/// <summary>A bar on standard error while a command works, where a person watches.</summary>
internal static class ProgressBar
{
    /// <summary>Runs the work.</summary>
    /// <param name="what">What the bar says.</param>
    /// <param name="isWanted">Whether to show it at all.</param>
    /// <param name="work">Gets where to report the share that is done; null without a bar.</param>
    public static T Show<T>(string what, bool isWanted, Func<IProgress<double>?, T> work)
    {
        if (Console.IsErrorRedirected || !isWanted) return work(null);
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Progress().AutoClear(true).Start(context =>
        {
            var task = context.AddTask(what, maxValue: 1);
            return work(new DirectProgress(share => task.Value = share));
        });
    }
}
