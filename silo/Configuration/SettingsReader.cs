using System.ComponentModel;
using System.Globalization;
using System.Reflection;

namespace ControlPlane.Silo.Configuration;

/// <summary>Reads the settings and says at once everything that is wrong with them.</summary>
internal static class SettingsReader
{
    /// <exception cref="SiloConfigurationException">Names are unknown, values cannot be read or rules are broken; the message has a line for each.</exception>
    public static SiloOptions Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(SiloOptions.Section);
        var sound = new Dictionary<string, string?>();
        var faults = new List<string>();
        Check(section, typeof(SiloOptions), sound, faults);
        // What cannot be read keeps its default here, so that the rules are checked of everything else.
        var options = new ConfigurationBuilder().AddInMemoryCollection(sound).Build().GetSection(SiloOptions.Section).Get<SiloOptions>() ?? new SiloOptions();
        Refuse([.. faults, .. options.Faults()]);
        return options;
    }

    /// <exception cref="SiloConfigurationException">There are faults.</exception>
    public static void Refuse(IReadOnlyCollection<string> faults)
    {
        if (faults.Count > 0) throw new SiloConfigurationException("the configuration is refused:\n" + string.Join('\n', faults.Select(f => $"  {f}")));
    }

    private static void Check(IConfiguration section, Type type, Dictionary<string, string?> sound, List<string> faults)
    {
        var properties = type.GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(p => p.CanWrite).ToArray();
        foreach (var setting in section.GetChildren())
        {
            var property = Array.Find(properties, p => p.Name.Equals(setting.Key, StringComparison.OrdinalIgnoreCase));
            if (property is null) faults.Add($"{setting.Path} is no setting: there are {string.Join(", ", properties.Select(p => p.Name).Order(StringComparer.Ordinal))}");
            else if (setting.Value is not { } text) Check(setting, property.PropertyType, sound, faults);
            else if (NotReadable(property.PropertyType, text) is { } fault) faults.Add($"{setting.Path} '{text}' {fault}");
            else sound[setting.Path] = text;
        }
    }

    /// <summary>What is wrong with a value, as the end of a sentence; null when nothing is.</summary>
    private static string? NotReadable(Type type, string text)
    {
        if (type == typeof(string)) return null;
        if (type.IsEnum) return Enum.TryParse(type, text, ignoreCase: true, out var value) && Enum.IsDefined(type, value) ? null : $"is not one of {string.Join(", ", Enum.GetNames(type))}";
        if (type == typeof(int)) return int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out _) ? null : "is not a whole number";
        if (type == typeof(bool)) return bool.TryParse(text, out _) ? null : "is not true or false";
        if (type == typeof(TimeSpan)) return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out _) ? null : "is not a duration such as 00:00:05 or 1.00:00:00";
        return TypeDescriptor.GetConverter(type).IsValid(text) ? null : "cannot be read";
    }
}
