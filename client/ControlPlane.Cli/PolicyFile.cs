using ControlPlane.Core.Policies;

namespace ControlPlane.Cli;

/// <summary>Reads policy files for commands.</summary>
internal static class PolicyFile
{
    /// <summary>The policy of a file.</summary>
    /// <exception cref="CommandException">The file cannot be read, or it breaks rules; the message has a line for each.</exception>
    public static PolicyDocument Read(FileInfo file)
    {
        var result = PolicyReader.Read(Text(file), file.ToString());
        return result.Policy ?? throw new CommandException("the policy is refused:\n" + string.Join('\n', result.Errors.Select(e => $"  {e}")));
    }

    /// <summary>The text of a file.</summary>
    /// <exception cref="CommandException">There is no such file.</exception>
    public static string Text(FileInfo file) => file.Exists ? File.ReadAllText(file.FullName) : throw new CommandException($"there is no policy file {file}");
}
