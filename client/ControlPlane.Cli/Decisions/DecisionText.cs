using System.Globalization;
using System.Text;
using ControlPlane.Core.Scaling;

namespace ControlPlane.Cli.Decisions;

/// <summary>Decisions in words and columns.</summary>
internal static class DecisionText
{
    private const int NameWidth = 11;

    /// <summary>The sentence, the reason's code, and every stage with what it worked from.</summary>
    public static string Of(DecisionRecord record)
    {
        var decision = record.Decision;
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{decision.Id} at {decision.Time:u}");
        text.AppendLine(DecisionReason.Sentence(decision));
        text.AppendLine(CultureInfo.InvariantCulture, $"reason {decision.Reason}; policy {Policy(record)}; model {decision.Model ?? "none: the reactive reference"}");
        foreach (var stage in decision.Stages)
        {
            var inputs = string.Join(", ", stage.Inputs.Select(i => $"{i.Name} {Number(i.Value)}"));
            var output = stage.Output?.ToString(CultureInfo.InvariantCulture) ?? "–";
            text.AppendLine(CultureInfo.InvariantCulture, $"  {stage.Name.PadRight(NameWidth)} {output,5}  {inputs}{(stage.Rule is null ? "" : $"  [{stage.Rule}]")}");
        }
        return text.ToString();
    }

    private static string Policy(DecisionRecord record)
    {
        var policy = record.Input.Policy;
        return string.Create(CultureInfo.InvariantCulture, $"{(policy.Scope.Length == 0 ? "of the program" : policy.Scope)}, version {policy.Version}, {policy.Mode}{(policy.Team is { } team ? $", team {team}" : "")}");
    }

    private static string Number(double? value) => value is { } v ? v.ToString("0.###", CultureInfo.InvariantCulture) : "unknown";
}
