using System.Globalization;

namespace ControlPlane.Core.Policies;

/// <summary>Durations as people write them: <c>500ms</c>, <c>15s</c>, <c>5m</c>, <c>1h30m</c>, <c>2d</c>.</summary>
public static class DurationText
{
    private static readonly (string Unit, TimeSpan Length)[] Units =
    [
        ("d", TimeSpan.FromDays(1)), ("h", TimeSpan.FromHours(1)), ("m", TimeSpan.FromMinutes(1)),
        ("s", TimeSpan.FromSeconds(1)), ("ms", TimeSpan.FromMilliseconds(1)),
    ];

    /// <summary>Parses one or more numbers with units, largest unit first or not; false when the text is something else.</summary>
    public static bool TryParse(string? text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (string.IsNullOrEmpty(text)) return false;
        for (var at = 0; at < text.Length;)
        {
            var number = Run(text, at, c => char.IsAsciiDigit(c) || c == '.');
            var unit = Run(text, at + number.Length, char.IsAsciiLetter);
            var known = Array.Find(Units, u => u.Unit == unit);
            if (known.Unit is null || !double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)) return false;
            if (value * known.Length.TotalDays > 36_500) return false;
            duration += value * known.Length;
            at += number.Length + unit.Length;
        }
        return true;
    }

    /// <summary>Writes a duration in the form that <see cref="TryParse"/> reads.</summary>
    public static string Format(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero) return "0s";
        if (duration < TimeSpan.Zero) return $"-{Format(-duration)}";
        var text = "";
        foreach (var (unit, length) in Units)
        {
            var whole = duration.Ticks / length.Ticks;
            if (whole == 0) continue;
            text += whole.ToString(CultureInfo.InvariantCulture) + unit;
            duration -= whole * length;
        }
        return text.Length > 0 ? text : $"{duration.TotalMilliseconds.ToString(CultureInfo.InvariantCulture)}ms";
    }

    private static string Run(string text, int from, Func<char, bool> belongs)
    {
        var end = from;
        while (end < text.Length && belongs(text[end])) end++;
        return text[from..end];
    }
}
