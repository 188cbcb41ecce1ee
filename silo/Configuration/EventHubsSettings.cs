namespace ControlPlane.Silo.Configuration;

/// <summary>An Azure event hub; section <c>ControlPlane:EventHubs</c>.</summary>
public sealed record EventHubsSettings
{
    private const string Section = $"{SiloOptions.Section}:EventHubs";

    /// <summary>Connection string of the namespace, with a key that may send and listen.</summary>
    public string ConnectionString { get; init; } = "";

    /// <summary>Name of the hub.</summary>
    public string Name { get; init; } = "";

    /// <summary>Consumer group; the control plane needs its own. Default <c>$Default</c>.</summary>
    public string ConsumerGroup { get; init; } = "$Default";

    internal IEnumerable<string> Faults()
    {
        if (string.IsNullOrWhiteSpace(ConnectionString)) yield return $"{Section}:ConnectionString is empty: streams EventHubs need the namespace's connection string";
        if (string.IsNullOrWhiteSpace(Name)) yield return $"{Section}:Name is empty: streams EventHubs need the hub's name";
        if (string.IsNullOrWhiteSpace(ConsumerGroup)) yield return $"{Section}:ConsumerGroup is empty: streams EventHubs need one";
    }
}
