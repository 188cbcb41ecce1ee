namespace ControlPlane.Core.Forecasting.Models;

/// <summary>A number with a name: a hyper-parameter or a score.</summary>
/// <param name="Name">Its name, not empty.</param>
/// <param name="Value">The number, finite.</param>
[GenerateSerializer, Immutable, Alias("cp.NamedValue")]
public readonly record struct NamedValue([property: Id(0)] string Name, [property: Id(1)] double Value);
