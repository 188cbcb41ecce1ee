using System.Globalization;

namespace ControlPlane.Cluster.Tests.Processes;

/// <summary>How long each service took to decide again.</summary>
internal sealed record Recovery(IReadOnlyDictionary<string, TimeSpan> Times)
{
    private static readonly TimeSpan Goal = TimeSpan.FromSeconds(20);

    private const int Named = 5;

    /// <summary>Seconds of the median and the last service, and who took longer than the goal.</summary>
    public override string ToString()
    {
        var sorted = Times.Values.Order().ToArray();
        var late = Times.Where(service => service.Value > Goal).Select(service => service.Key).Order(StringComparer.Ordinal).ToArray();
        var text = string.Create(CultureInfo.InvariantCulture, $"every service decided again after {sorted[^1].TotalSeconds:0.0} s (half of them after {sorted[sorted.Length / 2].TotalSeconds:0.0} s)");
        return late.Length == 0 ? text : $"{text}, {late.Length} of them after more than {Goal.TotalSeconds} s: {string.Join(' ', late.Take(Named))}";
    }
}
