using ControlPlane.Core.Scaling;

namespace ControlPlane.Simulation.Backtest.Frontier;

/// <summary>
/// What the forecasts of a whole demand say, each of the worst step until a pod ordered then is ready. They are made once: a sweep adds prices while it goes on.
/// </summary>
internal sealed class ForecastCurves
{
    private readonly float[] _demands;
    private readonly bool[] _isUsable;

    private ForecastCurves(int steps)
    {
        _demands = new float[steps * ForecastWalk.Levels.Length];
        _isUsable = new bool[steps];
    }

    /// <summary>Forecasts a demand, at each step from what was seen until the step before.</summary>
    /// <param name="service">The service.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public static ForecastCurves Of(FrontierService service, CancellationToken cancellationToken = default)
    {
        var curves = new ForecastCurves(service.Demand.Length);
        var levels = ForecastWalk.Levels.Length;
        var room = new float[RiskCurve.Room(levels)];
        ForecastWalk.Run(service, (t, isReady, rows) =>
        {
            curves._isUsable[t] = isReady;
            if (!isReady) return;
            RiskCurve.Of(ForecastWalk.Levels, rows, 1, service.StartupSteps + 1, room);
            room.AsSpan(0, levels).CopyTo(curves._demands.AsSpan(t * levels));
        }, cancellationToken);
        return curves;
    }

    /// <summary>Pods' worth of demand at <see cref="ForecastWalk.Levels"/>; empty where there was no forecast.</summary>
    public ReadOnlySpan<float> At(int t) => _isUsable[t] ? _demands.AsSpan(t * ForecastWalk.Levels.Length, ForecastWalk.Levels.Length) : [];
}
