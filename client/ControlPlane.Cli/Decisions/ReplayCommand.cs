using System.CommandLine;
using System.Text.Json;
using ControlPlane.Core;
using ControlPlane.Core.Scaling;

namespace ControlPlane.Cli.Decisions;

/// <summary><c>controlplane replay</c>: makes decisions again from their records and says whether they are bit-identical.</summary>
internal static class ReplayCommand
{
    private static readonly Argument<FileInfo> File = new("RECORD") { Description = "One decision record as JSON, or many, one a line." };

    public static Command Make()
    {
        var command = new Command("replay", "Make decisions again from their records and compare them bit by bit.") { File };
        command.Run((parsed, _) => Task.FromResult(Execute(parsed.GetValue(File)!)));
        return command;
    }

    private static int Execute(FileInfo file)
    {
        var (count, different) = (0, 0);
        DecisionRecord? last = null;
        foreach (var record in RecordFile.Read(file))
        {
            last = record;
            count++;
            if (last.IsReproducible()) continue;
            different++;
            Console.WriteLine($"{last.Decision.Id}: DIFFERENT");
            Console.WriteLine($"  recorded {JsonSerializer.Serialize(last.Decision, CoreJson.Options)}");
            Console.WriteLine($"  replayed {JsonSerializer.Serialize(last.Replay(), CoreJson.Options)}");
        }
        if (count == 0) throw new CommandException($"{file}: holds no record");
        if (count == 1) Console.Write(DecisionText.Of(last!));
        Console.WriteLine(different == 0 ? $"{count} replayed, all bit-identical" : $"{count} replayed, {different} different");
        return different == 0 ? 0 : CommandRunner.Failed;
    }
}
