using System.Globalization;

namespace ControlPlane.Simulation.Traces;

/// <summary>
/// Reads a recorded demand from a CSV file, plain or gzip: a header line, timestamps in the first column (ISO 8601 or epoch seconds,
/// UTC unless they carry an offset), one value column of requests per interval. Missing rows and empty fields are unknown intervals.
/// </summary>
public static class TraceReader
{
    /// <summary>Reads a trace.</summary>
    /// <exception cref="TraceException">The file cannot be used; the message says where and why.</exception>
    public static Trace Read(string path, TraceOptions? options = null)
    {
        options ??= new TraceOptions();
        if (options.Interval is { } given && given <= TimeSpan.Zero) throw new TraceException(path, $"the interval {given} must be positive");
        return CsvFile.Read(path, reader => Read(path, reader, options));
    }

    private static Trace Read(string path, StreamReader reader, TraceOptions options)
    {
        var header = reader.ReadLine();
        if (string.IsNullOrWhiteSpace(header)) throw new TraceException(path, "the file is empty");
        var columns = CsvFields.All(header);
        CheckHeader(path, columns);
        var rows = new TraceRows(path, columns[0]);
        var first = ReadRowText(path, reader, 1, out var line) ?? throw new TraceException(path, "there are no rows below the header line");
        var column = ChooseColumn(path, columns, first, options);
        for (var text = first; text is not null; text = ReadRowText(path, reader, line, out line))
        {
            var (ticks, value) = ReadRow(path, columns, column, text, line);
            rows.Add(line, ticks, value);
        }

        return rows.ToTrace(columns[column], options);
    }

    private static void CheckHeader(string path, string[] columns)
    {
        if (TraceTimestamp.TryParse(columns[0], out _)) throw new TraceException(path, 1, null, "the header line is missing: the file starts with a timestamp");
        if (columns.Length < 2) throw new TraceException(path, 1, null, "the header names one column: expected a timestamp and at least one value column, divided by ','");
    }

    /// <summary>The next row; null at the end. Blank lines may only end a file.</summary>
    private static string? ReadRowText(string path, StreamReader reader, long before, out long line)
    {
        line = before + 1;
        var text = reader.ReadLine();
        if (text is null || !string.IsNullOrWhiteSpace(text)) return text;
        while (reader.ReadLine() is { } next)
        {
            if (!string.IsNullOrWhiteSpace(next)) throw new TraceException(path, line, null, "the line is blank");
        }

        return null;
    }

    private static int ChooseColumn(string path, string[] columns, string firstRow, TraceOptions options)
    {
        if (options.Column is { } wanted)
        {
            var index = Array.FindIndex(columns, 1, c => string.Equals(c, wanted, StringComparison.Ordinal));
            if (index > 0) return index;
            throw new TraceException(path, 1, wanted, $"there is no such value column; there are {string.Join(", ", columns.Skip(1).Select(c => $"'{c}'"))}");
        }

        var fields = CsvFields.All(firstRow);
        for (var i = 1; i < Math.Min(fields.Length, columns.Length); i++)
        {
            if (double.TryParse(fields[i], NumberStyles.Float, CultureInfo.InvariantCulture, out _)) return i;
        }

        // None: the first column then tells what is wrong with it.
        return 1;
    }

    private static (long Ticks, double Value) ReadRow(string path, string[] columns, int column, string text, long line)
    {
        var fields = new CsvFields(text);
        long ticks = 0;
        double value = 0;
        var count = 0;
        for (; fields.TryNext(out var field); count++)
        {
            if (count == 0 && !TraceTimestamp.TryParse(field, out ticks))
                throw new TraceException(path, line, columns[0], $"'{Shorten(field)}' is not a timestamp (ISO 8601 such as 1995-07-01T00:00:00Z, or epoch seconds)");
            if (count == column) value = ReadValue(path, columns[column], field, line);
        }

        if (count != columns.Length) throw new TraceException(path, line, null, $"the row has {count} fields, the header {columns.Length}");
        return (ticks, value);
    }

    private static double ReadValue(string path, string column, ReadOnlySpan<char> field, long line)
    {
        if (field.IsEmpty) return TraceRows.Unknown;
        if (!double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
            throw new TraceException(path, line, column, $"'{Shorten(field)}' is not a number");
        if (!double.IsFinite(value)) throw new TraceException(path, line, column, $"'{Shorten(field)}' is not finite; leave the field empty where the value is unknown");
        if (value < 0) throw new TraceException(path, line, column, $"{Shorten(field)} is negative; a demand is 0 or more");
        return value;
    }

    private static string Shorten(ReadOnlySpan<char> field) => field.Length <= 40 ? field.ToString() : $"{field[..40]}…";
}
