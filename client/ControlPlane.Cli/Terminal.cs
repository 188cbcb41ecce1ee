using Spectre.Console;

namespace ControlPlane.Cli;

/// <summary>Standard output for tables: plain and wide enough when it is no terminal.</summary>
internal static class Terminal
{
    private const int PlainWidth = 120;

    /// <summary>Whether a person watches.</summary>
    public static bool IsInteractive { get; } = !Console.IsOutputRedirected;

    public static IAnsiConsole Out { get; } = Make();

    private static IAnsiConsole Make()
    {
        if (IsInteractive) return AnsiConsole.Console;
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(Console.Out) });
        console.Profile.Width = PlainWidth;
        return console;
    }
}
