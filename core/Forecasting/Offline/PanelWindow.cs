namespace ControlPlane.Core.Forecasting.Offline;

/// <summary>One training example of a panel network: the series and the index of the first step ahead.</summary>
internal readonly record struct PanelWindow(int Series, int Origin);
