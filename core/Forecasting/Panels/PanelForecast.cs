namespace ControlPlane.Core.Forecasting.Panels;

/// <summary>What one model said of every series of a panel.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Point">Medians, by series and step ahead.</param>
/// <param name="Lower">Lower ends of the 95% intervals.</param>
/// <param name="Upper">Upper ends.</param>
/// <param name="Seconds">Time that the model took, summed over the cores that worked on it.</param>
public sealed record PanelForecast(string Model, double[][] Point, double[][] Lower, double[][] Upper, double Seconds);
