using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ControlPlane.Cluster.Tests.Processes;

/// <summary>A process that a test started: its output goes to a file, and it is ended by its id.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly StreamWriter _log;
    private readonly string _path;

    private ChildProcess(Process process, string logPath)
    {
        (_process, _path) = (process, logPath);
        _log = new StreamWriter(logPath, append: true) { AutoFlush = true };
        process.OutputDataReceived += Write;
        process.ErrorDataReceived += Write;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    public static ChildProcess Start(string logPath, IReadOnlyList<string> command, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        return new ChildProcess(Process.Start(start)!, logPath);
    }

    /// <summary>Runs a command to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message holds what it wrote.</exception>
    public static async Task RunAsync(string logPath, params string[] command)
    {
        await using var process = Start(logPath, command);
        await process.WaitForExitAsync();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{command[0]} ended with {process.ExitCode}: {process.LogEnd()}");
    }

    public void Send(Signal signal)
    {
        if (!_process.HasExited) _ = kill(_process.Id, (int)signal);
    }

    public Task WaitForExitAsync() => _process.WaitForExitAsync().WaitAsync(Patience, TimeProvider.System);

    /// <summary>The newest part of what the process wrote.</summary>
    public string LogEnd()
    {
        using var reader = new StreamReader(new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        var text = reader.ReadToEnd();
        return text.Length > 4000 ? text[^4000..] : text;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await WaitForExitAsync();
        }

        _process.Dispose();
        lock (_log) _log.Dispose();
    }

    [DllImport("libc")]
    private static extern int kill(int id, int signal);

    private void Write(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is null) return;
        lock (_log)
        {
            if (_log.BaseStream is { CanWrite: true }) _log.WriteLine(line.Data);
        }
    }
}

/// <summary>POSIX signals by their number on Linux.</summary>
internal enum Signal
{
    Interrupt = 2,
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}
