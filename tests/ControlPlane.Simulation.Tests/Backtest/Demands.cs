using ControlPlane.Core.Forecasting;
using ControlPlane.Simulation.Backtest.Frontier;
using ControlPlane.Simulation.Randomness;

namespace ControlPlane.Simulation.Tests.Backtest;

/// <summary>Demands in pods that are made, not recorded, and forecasters that are no good.</summary>
internal static class Demands
{
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(15);

    /// <summary>Days with a morning and an evening, busy hours that come within twenty minutes, noise, and a few crowds.</summary>
    public static double[] Daily(int days, ulong seed)
    {
        var random = new SeededRandom(seed);
        var demand = new double[days * 5760];
        var (crowd, coming) = (0.0, 0.0);
        for (var t = 0; t < demand.Length; t++)
        {
            var hour = t % 5760 / 240.0;
            // A crowd gathers over some minutes and leaves over an hour.
            if (random.NextDouble() < 0.0002) coming = 10 + 15 * random.NextDouble();
            var step = Math.Min(coming, 0.4);
            (crowd, coming) = (0.993 * crowd + step, coming - step);
            var noise = t % 4 == 0 || t == 0 ? 0.06 * random.NextNormal() : double.NaN;
            var level = 14 - 9 * Math.Cos(2 * Math.PI * hour / 24) + 12 * Math.Clamp(3 * (hour - 9), 0, 1) * Math.Clamp(3 * (11 - hour), 0, 1) + crowd;
            demand[t] = double.IsNaN(noise) ? demand[t - 1] : level * Math.Exp(noise);
        }

        return demand;
    }

    public static FrontierService Service(int days, int startupSteps, ulong seed = 1) => new(Daily(days, seed), Step, startupSteps);

    /// <summary>What another forecaster says, changed from a step on.</summary>
    public sealed class Distorted(IForecaster inner, int from, Func<float, float> distort, bool isSilent = false) : IForecaster
    {
        private int _steps;

        public string Name => "distorted";

        public string Version => "1.0.0";

        public ForecastStatus Status => isSilent && _steps >= from ? ForecastStatus.Failed : inner.Status;

        public void Fit(DateTimeOffset firstTime, ReadOnlySpan<double?> history) => inner.Fit(firstTime, history);

        public UpdateOutcome Update(DateTimeOffset time, double? value)
        {
            _steps++;
            return inner.Update(time, value);
        }

        public ForecastStatus Forecast(int horizon, ReadOnlySpan<float> quantiles, Span<float> values)
        {
            var status = inner.Forecast(horizon, quantiles, values);
            if (_steps < from || status != ForecastStatus.Ready) return status;
            for (var row = 0; row < horizon; row++)
            {
                var last = 0f;
                foreach (ref var value in values.Slice(row * quantiles.Length, quantiles.Length)) value = last = Math.Max(last, distort(value));
            }

            return isSilent ? ForecastStatus.Failed : status;
        }
    }
}
