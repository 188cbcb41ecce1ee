using System.Diagnostics;

namespace ControlPlane.Silo.Tests.EmbeddedOnly;

/// <summary>The silo as a process of its own that cannot start.</summary>
internal static class SiloProcess
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(5);

    /// <summary>Exit code and what standard error said.</summary>
    public static async Task<(int ExitCode, string Error)> RunAsync(params string[] arguments)
    {
        string[] all = [Path.Combine(AppContext.BaseDirectory, "ControlPlane.Silo.dll"), "--urls", "http://127.0.0.1:0", .. arguments];
        using var process = Process.Start(new ProcessStartInfo("dotnet", all) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        try
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await Task.WhenAll(process.WaitForExitAsync(), output, error).WaitAsync(Bound, TimeProvider.System);
            return (process.ExitCode, await error);
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }
}
