using ControlPlane.Core.Forecasting.Panels;
using ControlPlane.Core.Forecasting.Scoring;
using ControlPlane.Core.Tests.Forecasting.Offline;

namespace ControlPlane.Core.Tests.Forecasting.Panels;

public sealed class PanelForecasterTests
{
    private const int Horizon = 24;
    private static readonly string[] Quick = ["seasonal-naive", "theta", "mstl", "ets", "ridge"];

    [Fact]
    public void Run_EveryModel_AnswersAndTheCombinationLiesBetweenItsParts()
    {
        double[][] series = [.. Enumerable.Range(1, 2).Select(seed => HourlySeries.Make(524, noise: 4, (ulong)seed))];
        var forecasts = Run([.. series.Select(s => s[..500])], PanelForecaster.Models);
        Assert.Equal(PanelForecaster.Models, forecasts.Select(f => f.Model));
        Assert.All(forecasts.Where(f => f.Model is "ridge" or "mlp" or "lstm" or "ridge-mlp" or "ensemble"), f => Assert.True(Error(f) < Error(forecasts[0]), $"{f.Model} {Error(f)}"));
        var parts = forecasts.Where(f => f.Model is "ridge" or "arima-nn" or "ets" or "mlp" or "lstm" or "ridge-mlp").ToArray();
        for (var i = 0; i < series.Length; i++)
            for (var h = 0; h < Horizon; h++) Assert.InRange(forecasts[^1].Point[i][h], parts.Min(p => p.Point[i][h]) - 1e-9, parts.Max(p => p.Point[i][h]) + 1e-9);

        double Error(PanelForecast forecast) => series.Select((s, i) => PanelAccuracy.Smape(s.AsSpan(500), forecast.Point[i])).Average();
    }

    [Fact]
    public void Run_SameSeed_SameBits()
    {
        double[][] series = [HourlySeries.Make(460, 3), HourlySeries.Make(500, 3, 2)];
        var (one, two) = (Run(series, ["mlp", "ridge"], 5), Run(series, ["mlp", "ridge"], 5));
        var other = Run(series, ["mlp"], 6);
        Assert.Equal(one[0].Point, two[0].Point);
        Assert.Equal(one[1].Upper, two[1].Upper);
        Assert.NotEqual(one[0].Point, other[0].Point);
    }

    [Fact]
    public void Run_Intervals_HoldTheForecastAndMostOutcomes()
    {
        double[][] series = [.. Enumerable.Range(1, 10).Select(seed => HourlySeries.Make(524, noise: 5, (ulong)seed))];
        foreach (var forecast in Run([.. series.Select(s => s[..500])], Quick))
        {
            var covered = series.Select((s, i) => PanelAccuracy.Coverage(s.AsSpan(500), forecast.Lower[i], forecast.Upper[i])).Average();
            Assert.True(covered is > 0.85 and <= 1, $"{forecast.Model} {covered}");
            for (var h = 0; h < Horizon; h++) Assert.True(forecast.Lower[0][h] < forecast.Point[0][h] && forecast.Point[0][h] < forecast.Upper[0][h]);
        }
    }

    /// <summary>Networks have nothing to learn from here; they stand aside and the others go on.</summary>
    [Fact]
    public void Run_OddSeries_AreForecastWithFiniteValues()
    {
        double[][] series = [.. HourlySeries.OddKinds.Select(HourlySeries.Odd)];
        foreach (var forecast in Run(series, [.. Quick, "ensemble"]))
        {
            for (var i = 0; i < series.Length; i++)
            {
                Assert.All(forecast.Point[i], v => Assert.True(double.IsFinite(v), $"{forecast.Model} {HourlySeries.OddKinds[i]}"));
                for (var h = 0; h < Horizon; h++) Assert.True(forecast.Lower[i][h] <= forecast.Upper[i][h], $"{forecast.Model} {HourlySeries.OddKinds[i]}");
            }
        }
    }

    [Fact]
    public void Run_ConstantSeries_ContinuesIt()
    {
        foreach (var forecast in Run([HourlySeries.Odd("constant")], Quick)) Assert.All(forecast.Point[0], v => Assert.Equal(7, v, 1e-6));
    }

    [Fact]
    public void Run_Progress_EndsAtOneAndNeverFalls()
    {
        var shares = new List<double>();
        new PanelForecaster(TimeProvider.System).Run([HourlySeries.Make(400, 1), HourlySeries.Make(400, 1)], Horizon, Quick, 1, new Reported(shares.Add));
        Assert.Equal(shares.Order(), shares);
        Assert.Equal(1, shares[^1], 1e-9);
    }

    [Fact]
    public void Run_Cancelled_Throws() =>
        Assert.Throws<OperationCanceledException>(() => new PanelForecaster(TimeProvider.System).Run([HourlySeries.Make(400)], Horizon, Quick, 1, null, new CancellationToken(true)));

    [Fact]
    public void Run_BadInput_NamesIt()
    {
        Assert.Contains("Series 1 is empty", Refused(() => Run([[1], []], Quick)), StringComparison.Ordinal);
        Assert.Contains("Series 0 has a value that is not finite", Refused(() => Run([[1, double.NaN]], Quick)), StringComparison.Ordinal);
        Assert.Contains("'prophet'", Refused(() => Run([[1]], ["prophet"])), StringComparison.Ordinal);
        Assert.Contains("horizon 169", Refused(() => new PanelForecaster(TimeProvider.System).Run([[1]], 169, Quick)), StringComparison.Ordinal);
    }

    private static string Refused(Action action) => Assert.Throws<ArgumentException>(action).Message;

    private static IReadOnlyList<PanelForecast> Run(double[][] series, IReadOnlyList<string> models, ulong seed = 1) =>
        new PanelForecaster(TimeProvider.System).Run(series, Horizon, models, seed);

    private sealed class Reported(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
