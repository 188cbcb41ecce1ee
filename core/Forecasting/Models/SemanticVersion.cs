using System.Globalization;

namespace ControlPlane.Core.Forecasting.Models;

/// <summary>A version <c>major.minor.patch</c> (semver.org, without labels).</summary>
/// <param name="Major">Changes when what it predicts from or gives is not compatible any more.</param>
/// <param name="Minor">Changes with every training.</param>
/// <param name="Patch">Changes with a correction.</param>
public readonly record struct SemanticVersion(int Major, int Minor, int Patch) : IComparable<SemanticVersion>
{
    /// <summary>Parses <c>major.minor.patch</c>; false when the text is none.</summary>
    public static bool TryParse(string? text, out SemanticVersion version)
    {
        version = default;
        var parts = text?.Split('.');
        if (parts is not { Length: 3 }) return false;
        if (!TryNumber(parts[0], out var major) || !TryNumber(parts[1], out var minor) || !TryNumber(parts[2], out var patch)) return false;
        version = new SemanticVersion(major, minor, patch);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(SemanticVersion other) => (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}.{Patch}");

    private static bool TryNumber(string text, out int number)
    {
        number = 0;
        return text.Length is > 0 and <= 9 && (text.Length == 1 || text[0] != '0') && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
