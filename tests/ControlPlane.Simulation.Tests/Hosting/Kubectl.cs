using System.Diagnostics;
using ControlPlane.Simulation.Hosting;

namespace ControlPlane.Simulation.Tests.Hosting;

/// <summary>Runs the real kubectl against a simulated cluster.</summary>
internal sealed class Kubectl : IDisposable
{
    /// <summary>Only a hang ends here; no test depends on it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly string _folder = Directory.CreateTempSubdirectory("kubectl").FullName;
    private readonly string _config;

    public Kubectl(string url) => _config = Kubeconfig.Write(System.IO.Path.Combine(_folder, "config"), url);

    /// <summary>Where kubectl is; null when it is not there.</summary>
    public static string? Path { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(System.IO.Path.PathSeparator)
        .Where(p => p.Length > 0).Select(p => System.IO.Path.Combine(p, OperatingSystem.IsWindows() ? "kubectl.exe" : "kubectl")).FirstOrDefault(File.Exists);

    public string WriteFile(string text)
    {
        var path = System.IO.Path.Combine(_folder, "manifest.yaml");
        File.WriteAllText(path, text);
        return path;
    }

    public Process Start(string arguments)
    {
        var info = new ProcessStartInfo(Path!) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries)) info.ArgumentList.Add(argument);
        info.Environment["KUBECONFIG"] = _config;
        info.Environment["KUBECACHEDIR"] = System.IO.Path.Combine(_folder, "cache");
        return Process.Start(info)!;
    }

    /// <summary>The output of a command that must succeed.</summary>
    public async Task<string> RunAsync(string arguments)
    {
        using var process = Start(arguments);
        using var limit = new CancellationTokenSource(Patience, TimeProvider.System);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            Assert.True(process.ExitCode == 0, $"kubectl {arguments}: {await output}{await errors}");
            return await output;
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
