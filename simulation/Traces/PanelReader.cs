using System.Globalization;

namespace ControlPlane.Simulation.Traces;

/// <summary>
/// Reads many named series from one CSV file, plain or gzip. Long form: a header <c>series,step,value</c> and a row for each value, steps from 1
/// without gaps. Wide form, as the M4 competition published it: a header, then a row for each series, its name first and its values after it.
/// </summary>
public static class PanelReader
{
    /// <summary>Reads a panel.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Values by name, in the order of the file.</returns>
    /// <exception cref="TraceException">The file cannot be used; the message says where and why.</exception>
    public static IReadOnlyList<PanelSeries> Read(string path) => CsvFile.Read(path, reader => Read(path, reader));

    private static PanelSeries[] Read(string path, StreamReader reader)
    {
        var header = CsvFields.All(reader.ReadLine());
        if (header.Length < 2) throw new TraceException(path, 1, null, "the header names fewer than two columns");
        var isLong = header is ["series", "step", "value"];
        if (!isLong && header.Length == 3) throw new TraceException(path, 1, null, $"expected the columns series, step, value, not {string.Join(", ", header)}");
        var series = new Dictionary<string, List<double>>();
        var order = new List<string>();
        for (var line = 2L; reader.ReadLine() is { } text; line++)
        {
            if (string.IsNullOrWhiteSpace(text)) continue;
            var fields = new CsvFields(text);
            fields.TryNext(out var id);
            if (id.IsEmpty) throw new TraceException(path, line, header[0], "the name of the series is missing");
            var name = id.ToString();
            if (!series.TryGetValue(name, out var values))
            {
                series[name] = values = [];
                order.Add(name);
            }
            else if (!isLong)
            {
                throw new TraceException(path, line, header[0], $"the series '{name}' was there before");
            }

            if (isLong) values.Add(ReadRow(path, line, ref fields, values.Count + 1));
            else ReadValues(path, line, ref fields, values);
        }

        if (order.Count == 0) throw new TraceException(path, "there are no rows below the header line");
        return [.. order.Select(name => new PanelSeries(name, [.. series[name]]))];
    }

    private static double ReadRow(string path, long line, ref CsvFields fields, int expected)
    {
        if (!fields.TryNext(out var step) || !int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number != expected)
            throw new TraceException(path, line, "step", $"expected step {expected} of this series");
        if (!fields.TryNext(out var value)) throw new TraceException(path, line, "value", "the value is missing");
        return ReadValue(path, line, value);
    }

    /// <summary>Values up to the first empty field; rows of shorter series end with empty fields.</summary>
    private static void ReadValues(string path, long line, ref CsvFields fields, List<double> values)
    {
        var ended = false;
        while (fields.TryNext(out var field))
        {
            if (field.IsEmpty || field is "NA") ended = true;
            else if (ended) throw new TraceException(path, line, null, "a value follows an empty field");
            else values.Add(ReadValue(path, line, field));
        }

        if (values.Count == 0) throw new TraceException(path, line, null, "the series has no values");
    }

    private static double ReadValue(string path, long line, ReadOnlySpan<char> field)
    {
        if (!double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
            throw new TraceException(path, line, "value", $"'{field}' is not a number");
        return double.IsFinite(value) ? value : throw new TraceException(path, line, "value", $"'{field}' is not finite");
    }
}
