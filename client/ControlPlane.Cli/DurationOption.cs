using System.CommandLine;
using ControlPlane.Core.Policies;

namespace ControlPlane.Cli;

/// <summary>Options that take a duration such as 15s, 5m or 6h.</summary>
internal static class DurationOption
{
    public static Option<TimeSpan?> Make(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "DURATION",
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (DurationText.TryParse(text, out var duration) && duration > TimeSpan.Zero) return duration;
            result.AddError($"{name}: '{text}' is not a duration above 0 such as 15s, 5m, 6h or 1h30m");
            return null;
        },
    };
}
