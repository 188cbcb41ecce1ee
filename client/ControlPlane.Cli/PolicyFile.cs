using ControlPlane.Core.Policies;

namespace ControlPlane.Cli;

/// <summary>Reads policy files for commands.</summary>
internal static class PolicyFile
{
    /// <summary>The policy of a file.</summary>
    /// <exception cref="CommandException">The file cannot be read, or it breaks rules; the message has a line for each.</exception>
    public static PolicyDocument Read(FileInfo file)
    {
        if (!file.Exists) throw new CommandException($"there is no policy file {file}");
        var result = PolicyReader.Read(File.ReadAllText(file.FullName), file.ToString());
        return result.Policy ?? throw new CommandException("the policy is refused:\n" + string.Join('\n', result.Errors.Select(e => $"  {e}")));
    }
}
