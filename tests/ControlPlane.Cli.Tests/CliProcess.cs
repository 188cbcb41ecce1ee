using System.Diagnostics;
using System.Text;

namespace ControlPlane.Cli.Tests;

/// <summary>The command line as a process of its own, as people run it.</summary>
internal sealed class CliProcess : IDisposable
{
    /// <summary>Far more than any command here takes; reaching it is a failure.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly StringBuilder _out = new();
    private readonly Task<string> _errors;
    private readonly Task _reading;
    private readonly List<(string Text, TaskCompletionSource Seen)> _awaited = [];

    private CliProcess(ProcessStartInfo start)
    {
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
        _reading = ReadOutputAsync();
    }

    public static async Task<CliResult> RunAsync(params string[] arguments)
    {
        using var cli = Start(arguments);
        return await cli.EndAsync();
    }

    /// <summary>Starts a command; a shell that ignores Ctrl-C for its background jobs must not hand that down.</summary>
    public static CliProcess Start(params string[] arguments)
    {
        string[] command = ["dotnet", Path.Combine(AppContext.BaseDirectory, "ControlPlane.Cli.dll"), .. arguments];
        if (OperatingSystem.IsLinux()) command = ["env", "--default-signal=INT", .. command];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        return new CliProcess(start);
    }

    /// <summary>Waits until a text has been printed.</summary>
    public async Task PrintedAsync(string text)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_awaited)
        {
            if (_out.ToString().Contains(text, StringComparison.Ordinal)) return;
            _awaited.Add((text, seen));
        }
        var first = await Task.WhenAny(seen.Task, _reading).WaitAsync(Bound, TimeProvider.System);
        if (first != seen.Task && !_out.ToString().Contains(text, StringComparison.Ordinal)) Assert.Fail($"'{text}' was never printed:\n{_out}\n{await _errors}");
    }

    /// <summary>As Ctrl-C on a terminal.</summary>
    public void Interrupt()
    {
        using var kill = Process.Start("kill", ["-INT", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    public async Task<CliResult> EndAsync()
    {
        await Task.WhenAll(_process.WaitForExitAsync(), _reading, _errors).WaitAsync(Bound, TimeProvider.System);
        return new CliResult(_process.ExitCode, _out.ToString(), await _errors);
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }

    private async Task ReadOutputAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            lock (_awaited)
            {
                _out.Append(line).Append('\n');
                foreach (var (text, seen) in _awaited)
                    if (line.Contains(text, StringComparison.Ordinal)) seen.TrySetResult();
            }
        }
    }
}

/// <summary>How a command ended and what it printed.</summary>
internal sealed record CliResult(int ExitCode, string Out, string Error)
{
    /// <summary>The command refused its input: nothing on standard output, one message that holds every part.</summary>
    public void AssertRefused(params string[] parts)
    {
        Assert.True(ExitCode == 1, $"exit code {ExitCode}\n{Out}\n{Error}");
        Assert.Equal("", Out);
        Assert.Single(Error.Split('\n'), line => line.StartsWith("controlplane: ", StringComparison.Ordinal));
        Assert.StartsWith("controlplane: ", Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
        Assert.All(parts, part => Assert.Contains(part, Error, StringComparison.Ordinal));
    }

    /// <summary>As <see cref="AssertRefused"/>, in one line.</summary>
    public void AssertRefusedInOneLine(params string[] parts)
    {
        AssertRefused(parts);
        Assert.Single(Error.TrimEnd('\n').Split('\n'));
    }

    public void AssertSucceeded() => Assert.True(ExitCode == 0, $"exit code {ExitCode}\n{Out}\n{Error}");
}
