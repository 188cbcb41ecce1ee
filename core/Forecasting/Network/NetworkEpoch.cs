namespace ControlPlane.Core.Forecasting.Network;

/// <summary>How training stands after an epoch; losses are relative to those of the last value.</summary>
/// <param name="Epoch">Number, from 1.</param>
/// <param name="Loss">Mean over the examples learnt from.</param>
/// <param name="Validation">Mean over the examples kept aside.</param>
public sealed record NetworkEpoch(int Epoch, double Loss, double Validation);
