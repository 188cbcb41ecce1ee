using System.Diagnostics;

namespace ControlPlane.Embedded.Tests;

/// <summary>The tool beside these tests, in a process of its own.</summary>
internal static class ChildProcess
{
    internal static Process Start(params string[] arguments)
    {
        var tool = Path.Combine(AppContext.BaseDirectory, "ControlPlane.Embedded.KillTool.dll");
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in arguments.Prepend(tool).Prepend("exec"))
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }
}
