using System.CommandLine;
using ControlPlane.Client;
using ControlPlane.Kubernetes;
using ControlPlane.Simulation.Traces;

namespace ControlPlane.Cli;

/// <summary>A command refused its input; the message is for the user.</summary>
internal sealed class CommandException(string message) : Exception(message);

/// <summary>Runs a command's action: faults that a user can mend become one message and exit code 1.</summary>
internal static class CommandRunner
{
    /// <summary>Exit code of a command that could not do its work.</summary>
    public const int Failed = 1;

    /// <summary>Exit code after Ctrl-C.</summary>
    public const int Interrupted = 130;

    public static void Run(this Command command, Func<ParseResult, CancellationToken, Task<int>> action) =>
        command.SetAction(async (parsed, cancellationToken) =>
        {
            try
            {
                return await action(parsed, cancellationToken);
            }
            catch (Exception e) when (e is CommandException or TraceException or ControlPlaneException or KubernetesException)
            {
                return Fail(e.Message);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return Fail(e.Message);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return Interrupted;
            }
        });

    /// <summary>Says in one line what is wrong with the options: the help text on top would hide it.</summary>
    public static int Refuse(ParseResult parsed)
    {
        var faults = parsed.Errors.Select(e => string.Join(' ', e.Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))).Distinct();
        return Fail($"{string.Join("; ", faults)} (--help tells the options)");
    }

    private static int Fail(string message)
    {
        Console.Error.WriteLine($"controlplane: {message}");
        return Failed;
    }
}
