namespace ControlPlane.Simulation.Traces;

/// <summary>One series of a panel.</summary>
/// <param name="Name">Its name in the file.</param>
/// <param name="Values">Its values, oldest first, finite, at least one.</param>
public sealed record PanelSeries(string Name, double[] Values);
