using System.Globalization;
using System.IO.Compression;

namespace ControlPlane.Cli.Scoring;

/// <summary>One server's signals, with the labels of its test part. In its files the first column counts the rows and the others are signals.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Train">Rows of the training part; NaN where a value is missing.</param>
/// <param name="Test">Rows of the test part.</param>
/// <param name="Segments">First and last row of each anomaly of the test part.</param>
/// <param name="Culprits">For some anomalies: first row, row after the last, numbers of the signals that explain it.</param>
internal sealed record AnomalyServer(string Name, double[][] Train, double[][] Test, IReadOnlyList<(int First, int Last)> Segments, IReadOnlyList<(int First, int End, int[] Signals)> Culprits)
{
    private const string TrainEnding = "_train.csv.gz";
    private const string TestEnding = "_test.csv.gz";
    private const string CulpritsEnding = "_interpretation.txt";
    private const string Label = "label";

    /// <summary>Number of signals.</summary>
    public int Signals => Train[0].Length;

    /// <summary>All servers of a folder, by name.</summary>
    public static IReadOnlyList<AnomalyServer> ReadAll(DirectoryInfo folder)
    {
        if (!folder.Exists) throw new CommandException($"there is no folder {folder.FullName}");
        var servers = folder.GetFiles("*" + TrainEnding).OrderBy(f => f.Name, StringComparer.Ordinal).Select(f => Read(f.FullName[..^TrainEnding.Length])).ToArray();
        return servers.Length > 0 ? servers : throw new CommandException($"{folder.FullName} has no file NAME{TrainEnding}");
    }

    private static AnomalyServer Read(string stem)
    {
        var (train, _) = ReadRows(stem + TrainEnding);
        var (test, labels) = ReadRows(stem + TestEnding);
        if (train[0].Length != test[0].Length) throw new CommandException($"{stem}: the training part has {train[0].Length} signals, the test part {test[0].Length}");
        return new AnomalyServer(Path.GetFileName(stem), train, test, Runs(labels), ReadCulprits(stem + CulpritsEnding, train[0].Length));
    }

    private static (double[][] Rows, bool[] Labels) ReadRows(string path)
    {
        if (!File.Exists(path)) throw new CommandException($"there is no file {path}");
        using var file = File.OpenRead(path);
        using var unpacked = new GZipStream(file, CompressionMode.Decompress);
        using var reader = new StreamReader(unpacked);
        var header = reader.ReadLine()?.Split(',') ?? [];
        var isLabelled = header is [.., Label];
        var (rows, labels) = (new List<double[]>(), new List<bool>());
        while (reader.ReadLine() is { Length: > 0 } line)
        {
            var cells = line.Split(',');
            if (cells.Length != header.Length) throw new CommandException($"{path}: row {rows.Count + 2} has {cells.Length} cells, the header {header.Length}");
            rows.Add([.. cells[1..(isLabelled ? ^1 : ^0)].Select(Number)]);
            labels.Add(isLabelled && Number(cells[^1]) > 0);
        }

        return rows.Count > 0 && rows[0].Length > 0 ? ([.. rows], [.. labels]) : throw new CommandException($"{path} has no values");
    }

    private static double Number(string cell) => double.TryParse(cell, CultureInfo.InvariantCulture, out var value) ? value : double.NaN;

    private static List<(int First, int Last)> Runs(bool[] labels)
    {
        var runs = new List<(int, int)>();
        for (var i = 0; i < labels.Length; i++)
        {
            if (!labels[i]) continue;
            var first = i;
            while (i + 1 < labels.Length && labels[i + 1]) i++;
            runs.Add((first, i));
        }

        return runs;
    }

    /// <summary>Lines <c>first-end:signal,signal</c> with signals counted from 1; a server need not have any.</summary>
    private static List<(int First, int End, int[] Signals)> ReadCulprits(string path, int signals)
    {
        var culprits = new List<(int, int, int[])>();
        if (!File.Exists(path)) return culprits;
        foreach (var line in File.ReadLines(path).Where(l => l.Length > 0))
        {
            if (line.Split('-', ':') is not [var first, var end, var list]
                || !int.TryParse(first, CultureInfo.InvariantCulture, out var from)
                || !int.TryParse(end, CultureInfo.InvariantCulture, out var to))
                throw new CommandException($"{path}: '{line}' is not FIRST-END:SIGNALS");
            int[] numbers = [.. list.Split(',').Select(s => int.TryParse(s, CultureInfo.InvariantCulture, out var n) && n >= 1 && n <= signals ? n - 1 : throw new CommandException($"{path}: there is no signal '{s}'"))];
            culprits.Add((from, to, numbers));
        }

        return culprits;
    }
}
