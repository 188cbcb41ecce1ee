using System.Text.Json;
using ControlPlane.Core;
using ControlPlane.Core.Scaling;

namespace ControlPlane.Cli.Decisions;

/// <summary>Reads files of decision records: one JSON document over several lines, or one a line.</summary>
internal static class RecordFile
{
    /// <summary>The records in the file's order.</summary>
    /// <exception cref="CommandException">The file is not there or holds something else.</exception>
    public static IEnumerable<DecisionRecord> Read(FileInfo file)
    {
        if (!file.Exists) throw new CommandException($"there is no record file {file}");
        return Documents(file).Select(document => Parse(file, document.Line, document.Text));
    }

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
