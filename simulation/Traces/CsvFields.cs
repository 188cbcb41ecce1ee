namespace ControlPlane.Simulation.Traces;

/// <summary>Cuts one line of comma-separated values into fields without allocating; quotes around a field may hold commas.</summary>
internal ref struct CsvFields(ReadOnlySpan<char> line)
{
    private ReadOnlySpan<char> _rest = line;
    private bool _ended;

    /// <summary>The next field without its quotes; false when there are no more.</summary>
    public bool TryNext(out ReadOnlySpan<char> field)
    {
        field = default;
        if (_ended) return false;
        var end = EndOfField();
        field = Unquote((end < 0 ? _rest : _rest[..end]).Trim());
        _ended = end < 0;
        _rest = end < 0 ? default : _rest[(end + 1)..];
        return true;
    }

    /// <summary>All fields of a line as texts.</summary>
    public static string[] All(ReadOnlySpan<char> line)
    {
        var names = new List<string>();
        var fields = new CsvFields(line);
        while (fields.TryNext(out var field)) names.Add(field.ToString());
        return [.. names];
    }

    private readonly int EndOfField()
    {
        if (_rest.IsEmpty || _rest[0] != '"') return _rest.IndexOf(',');
        var close = _rest[1..].IndexOf('"');
        if (close < 0) return _rest.IndexOf(',');
        var after = _rest[(close + 2)..].IndexOf(',');
        return after < 0 ? -1 : close + 2 + after;
    }

    private static ReadOnlySpan<char> Unquote(ReadOnlySpan<char> field) => field is ['"', .. var inner, '"'] ? inner : field;
}
