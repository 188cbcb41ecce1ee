using ControlPlane.Core.Forecasting.Offline;

namespace ControlPlane.Core.Tests.Forecasting.Offline;

public sealed class LagRidgeTests
{
    private static readonly int[] Lags = [1, 2, 24];

    [Fact]
    public void Forecast_OneStep_IsTheSolutionOfTheNormalEquations()
    {
        var series = HourlySeries.Make(200, noise: 5);
        var options = new LagRidgeOptions { Lags = Lags, Scale = SeriesScale.Level, Rounds = 0, HalfLife = 80 };
        var actual = new double[1];
        LagRidge.Fit(series, options).Forecast(series, actual);
        Assert.Equal(Direct(series, options), actual[0], 1e-7);
    }

    [Fact]
    public void Forecast_ExactSeasonalSeries_ContinuesIt()
    {
        var series = HourlySeries.Make(600);
        var options = new LagRidgeOptions { Lags = [1, 2, 23, 24, 25, 167, 168, 169], Scale = SeriesScale.Level, LagPenalty = 1e-6, SeasonPenalty = 1e-6 };
        var forecast = new double[48];
        LagRidge.Fit(series.AsSpan(0, 552), options).Forecast(series.AsSpan(0, 552), forecast);
        Assert.InRange(HourlySeries.MeanAbsoluteError(series.AsSpan(552), forecast), 0, 0.05);
    }

    [Fact]
    public void Fit_Spikes_MoveTheRobustRegressionLess()
    {
        var clean = HourlySeries.Make(500, noise: 1);
        var dirty = (double[])clean.Clone();
        for (var t = 60; t < 480; t += 37) dirty[t] += 300;
        var truth = HourlySeries.Make(548)[500..];
        Assert.True(Error(rounds: 3) < 0.95 * Error(rounds: 0));

        double Error(int rounds)
        {
            var forecast = new double[48];
            LagRidge.Fit(dirty, new LagRidgeOptions { Lags = [1, 2, 24], Scale = SeriesScale.Level, Rounds = rounds }).Forecast(dirty, forecast);
            return HourlySeries.MeanAbsoluteError(truth, forecast);
        }
    }

    [Fact]
    public void RollErrors_LastOrigins_AreActualMinusRolledForecast()
    {
        var series = HourlySeries.Make(200, noise: 2);
        var model = LagRidge.Fit(series, new LagRidgeOptions { Lags = Lags, Scale = SeriesScale.Level });
        var guides = model.RollForecasts(series, 5, first: 190);
        Assert.Null(guides[189]);
        var visited = 0;
        model.RollErrors(series, 5, (origin, errors) =>
        {
            if (origin < 190) return;
            visited++;
            for (var h = 0; h < 5; h++)
            {
                if (origin + h >= series.Length) Assert.True(double.IsNaN(errors[h]));
                else Assert.Equal(series[origin + h] - guides[origin]![h], errors[h], 1e-3);
            }
        });
        Assert.Equal(10, visited);
    }

    [Theory]
    [InlineData(nameof(SeriesScale.Level))]
    [InlineData(nameof(SeriesScale.Root))]
    [InlineData(nameof(SeriesScale.Logarithm))]
    public void Forecast_ConstantSeries_StaysNearIt(string scale)
    {
        var series = Enumerable.Repeat(7.0, 300).ToArray();
        var forecast = new double[48];
        LagRidge.Fit(series, new LagRidgeOptions { Lags = Lags, Scale = Enum.Parse<SeriesScale>(scale) }).Forecast(series, forecast);
        Assert.All(forecast, value => Assert.Equal(7, value, 1e-6));
    }

    [Fact]
    public void Forecast_NegativeSeries_StaysInItsRange()
    {
        var series = HourlySeries.Odd("negative");
        var forecast = new double[48];
        LagRidge.Fit(series, new LagRidgeOptions { Lags = Lags, Scale = SeriesScale.Level }).Forecast(series, forecast);
        Assert.All(forecast, value => Assert.InRange(value, 1.2 * series.Min(), 0.8 * series.Max()));
    }

    [Theory]
    [InlineData("onePoint")]
    [InlineData("twoPoints")]
    public void Fit_ShorterThanTheLags_Throws(string kind) =>
        Assert.Throws<ArgumentException>(() => LagRidge.Fit(HourlySeries.Odd(kind), new LagRidgeOptions { Lags = Lags }));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Fit_NotFinite_Throws(double value) =>
        Assert.Throws<ArgumentException>(() => LagRidge.Fit([.. HourlySeries.Make(100), value], new LagRidgeOptions { Lags = Lags }));

    /// <summary>The same regression with a plain design matrix and Gaussian elimination.</summary>
    private static double Direct(double[] series, LagRidgeOptions options)
    {
        var (mean, size, count) = (series.Average(), Lags.Length + 24, series.Length);
        var deviation = Math.Sqrt(series.Average(v => (v - mean) * (v - mean)));
        var z = Array.ConvertAll(series, v => (v - mean) / deviation);
        var equations = new double[size, size + 1];
        for (var t = 24; t < count; t++)
        {
            var (x, weight) = (Row(t), Math.Pow(0.5, (count - 1 - t) / options.HalfLife));
            for (var i = 0; i < size; i++)
            {
                for (var j = 0; j < size; j++) equations[i, j] += weight * x[i] * x[j];
                equations[i, size] += weight * x[i] * z[t];
            }
        }

        for (var i = 0; i < size; i++) equations[i, i] += i < Lags.Length ? options.LagPenalty : options.SeasonPenalty;
        var solution = Eliminate(equations, size);
        return Row(count).Zip(solution, (a, b) => a * b).Sum() * deviation + mean;

        double[] Row(int t)
        {
            var x = new double[size];
            for (var l = 0; l < Lags.Length; l++) x[l] = z[t - Lags[l]];
            x[Lags.Length + t % 24] = 1;
            return x;
        }
    }

    private static double[] Eliminate(double[,] a, int size)
    {
        for (var p = 0; p < size; p++)
        {
            for (var i = 0; i < size; i++)
            {
                if (i == p) continue;
                var factor = a[i, p] / a[p, p];
                for (var j = p; j <= size; j++) a[i, j] -= factor * a[p, j];
            }
        }

        return [.. Enumerable.Range(0, size).Select(i => a[i, size] / a[i, i])];
    }
}
