namespace ControlPlane.Core.Forecasting.Network;

/// <summary>What the network adds to the ensemble on a trace that it was not trained on: pinball losses with it over those without it.</summary>
/// <param name="Trace">Name of the trace.</param>
/// <param name="Step">Step at which it was scored.</param>
/// <param name="FirstDay">Ratio over hours 3 to 24 after a cold start, mean of several starts; NaN when the trace is too short.</param>
/// <param name="Overall">Ratio over the whole trace from hour 3.</param>
/// <param name="Alone">The network's own absolute error over the last value's, whole trace.</param>
public sealed record NetworkGain(string Trace, TimeSpan Step, double FirstDay, double Overall, double Alone);
