using System.CommandLine;
using System.Text.Json;
using ControlPlane.Core;
using ControlPlane.Core.Scaling;

namespace ControlPlane.Cli;

/// <summary><c>controlplane replay</c>: makes decisions again from their records and says whether they are bit-identical.</summary>
internal static class ReplayCommand
{
    private static readonly Argument<FileInfo> RecordFile = new("RECORD") { Description = "One decision record as JSON, or many, one a line." };

    public static Command Make()
    {
        var command = new Command("replay", "Make decisions again from their records and compare them bit by bit.") { RecordFile };
        command.Run((parsed, _) => Task.FromResult(Execute(parsed.GetValue(RecordFile)!)));
        return command;
    }

    private static int Execute(FileInfo file)
    {
        if (!file.Exists) throw new CommandException($"there is no record file {file}");
        var (count, different) = (0, 0);
        DecisionRecord? last = null;
        foreach (var (line, text) in Documents(file))
        {
            last = Parse(file, line, text);
            count++;
            if (last.IsReproducible()) continue;
            different++;
            Console.WriteLine($"{last.Decision.Id}: DIFFERENT");
            Console.WriteLine($"  recorded {JsonSerializer.Serialize(last.Decision, CoreJson.Options)}");
            Console.WriteLine($"  replayed {JsonSerializer.Serialize(last.Replay(), CoreJson.Options)}");
        }
        if (count == 0) throw new CommandException($"{file}: holds no record");
        if (count == 1) Explain(last!);
        Console.WriteLine(different == 0 ? $"{count} replayed, all bit-identical" : $"{count} replayed, {different} different");
        return different == 0 ? 0 : CommandRunner.Failed;
    }

    private static void Explain(DecisionRecord record)
    {
        Console.WriteLine($"{record.Decision.Id} at {record.Decision.Time:u}");
        Console.WriteLine(DecisionReason.Sentence(record.Decision));
        foreach (var stage in record.Decision.Stages)
        {
            var inputs = string.Join(", ", stage.Inputs.Select(i => $"{i.Name} {(i.Value is { } v ? v.ToString("0.###") : "unknown")}"));
            Console.WriteLine($"  {stage.Name,-10} {(stage.Output is { } n ? n.ToString() : "–"),5}  {inputs}{(stage.Rule is null ? "" : $"  [{stage.Rule}]")}");
        }
    }

    /// <summary>The whole file when it is one JSON document over several lines, else line by line.</summary>
    private static IEnumerable<(int Line, string Text)> Documents(FileInfo file)
    {
        using var reader = new StreamReader(file.FullName);
        var first = reader.ReadLine() ?? "";
        if (first.TrimStart().StartsWith('{') && !first.TrimEnd().EndsWith('}'))
        {
            yield return (1, first + '\n' + reader.ReadToEnd());
            yield break;
        }
        var number = 1;
        for (var line = first; line is not null; line = reader.ReadLine(), number++)
            if (line.Trim().Length > 0) yield return (number, line);
    }

    private static DecisionRecord Parse(FileInfo file, int line, string text)
    {
        try
        {
            return JsonSerializer.Deserialize<DecisionRecord>(text, CoreJson.Options) ?? throw new CommandException($"{file}:{line}: is no decision record");
        }
        catch (JsonException e)
        {
            throw new CommandException($"{file}:{line}: is no decision record: {e.Message}");
        }
    }
}
