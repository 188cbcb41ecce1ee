namespace ControlPlane.Core.Forecasting.Network;

/// <summary>How training stands after an epoch; losses are pinball losses in spreads of the ensemble, summed over its levels.</summary>
/// <param name="Network">Number of the network, from 1.</param>
/// <param name="Epoch">Number, from 1.</param>
/// <param name="Loss">Mean over the examples learnt from.</param>
/// <param name="Validation">Mean over the examples kept aside.</param>
public sealed record NetworkEpoch(int Network, int Epoch, double Loss, double Validation);
