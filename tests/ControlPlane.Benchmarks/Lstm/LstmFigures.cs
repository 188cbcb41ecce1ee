namespace ControlPlane.Benchmarks.Lstm;

/// <summary>What one implementation measured and computed.</summary>
internal sealed class LstmFigures
{
    public Dictionary<string, double> Microseconds { get; } = [];

    public Dictionary<string, double[]> Numbers { get; } = [];

    public Dictionary<string, string> Notes { get; } = [];
}
