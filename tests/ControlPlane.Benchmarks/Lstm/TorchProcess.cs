using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace ControlPlane.Benchmarks.Lstm;

/// <summary>Runs lstm_torch.py as a child: the case on its standard input, figures on its standard output.</summary>
internal static class TorchProcess
{
    /// <summary>Null when no Python with torch is there.</summary>
    /// <exception cref="InvalidOperationException">The script failed.</exception>
    public static LstmFigures? Run(string input)
    {
        var python = Candidates().FirstOrDefault(candidate => Start(candidate, ["-c", "import torch"], "") is (0, _));
        if (python is null) return null;
        var (code, output) = Start(python, [Path.Combine(AppContext.BaseDirectory, "lstm_torch.py")], input)!.Value;
        if (code != 0) throw new InvalidOperationException($"lstm_torch.py ended with {code}.");
        return Parse(output);
    }

    private static IEnumerable<string> Candidates()
    {
        if (Environment.GetEnvironmentVariable("PYTHON") is { Length: > 0 } named) yield return named;
        yield return "python3";
        yield return "/usr/bin/python3";
    }

    private static (int Code, string Output)? Start(string python, string[] arguments, string input)
    {
        var start = new ProcessStartInfo(python, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["OMP_NUM_THREADS"] = "1";
        try
        {
            using var process = Process.Start(start)!;
            process.ErrorDataReceived += static (_, line) =>
            {
                if (!string.IsNullOrEmpty(line.Data)) Console.Error.WriteLine(line.Data);
            };
            if (arguments[0] != "-c") process.BeginErrorReadLine();
            process.StandardInput.Write(input);
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Lines of <c>time NAME MICROSECONDS</c>, <c>note NAME TEXT</c> and <c>numbers NAME VALUES</c>; a name has _ for spaces.</summary>
    private static LstmFigures Parse(string output)
    {
        var figures = new LstmFigures();
        foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = line.Split(' ');
            var name = parts[1].Replace('_', ' ');
            if (parts[0] == "time") figures.Microseconds[name] = double.Parse(parts[2], CultureInfo.InvariantCulture);
            else if (parts[0] == "note") figures.Notes[name] = string.Join(' ', parts[2..]);
            else figures.Numbers[name] = Array.ConvertAll(parts[2..], text => double.Parse(text, CultureInfo.InvariantCulture));
        }

        return figures;
    }
}
