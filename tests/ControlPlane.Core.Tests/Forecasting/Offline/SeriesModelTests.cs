using ControlPlane.Core.Forecasting.Offline;

namespace ControlPlane.Core.Tests.Forecasting.Offline;

/// <summary>What holds for every model that is fitted per series.</summary>
public sealed class SeriesModelTests
{
    private static readonly string[] AllNames = ["naive", "theta", "mstl", "ets", "sarima", "hybrid"];

    public static TheoryData<string> Names => [.. AllNames];

    public static TheoryData<string, string> NamesAndOddSeries
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var name in AllNames)
                foreach (var kind in HourlySeries.OddKinds) data.Add(name, kind);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(NamesAndOddSeries))]
    public void Forecast_OddSeries_IsFiniteAndNearItsRange(string name, string kind)
    {
        var series = HourlySeries.Odd(kind);
        var forecast = new double[48];
        Make(name).Forecast(series, forecast);
        var (low, high) = (series.Min(), series.Max());
        Assert.All(forecast, value => Assert.InRange(value, low - 0.21 * Math.Abs(low), high + 0.21 * Math.Abs(high)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Forecast_ConstantSeries_IsTheConstant(string name)
    {
        var forecast = new double[48];
        Make(name).Forecast(HourlySeries.Odd("constant"), forecast);
        Assert.All(forecast, value => Assert.Equal(7, value));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Forecast_EmptyOrNotFinite_Throws(string name)
    {
        var model = Make(name);
        Assert.Throws<ArgumentException>(() => model.Forecast([], new double[3]));
        Assert.Throws<ArgumentException>(() => model.Forecast([.. HourlySeries.Make(400), double.NaN], new double[3]));
        Assert.Throws<ArgumentException>(() => model.Forecast([double.NegativeInfinity, .. HourlySeries.Make(400)], new double[3]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Forecast_Twice_GivesTheSameBits(string name)
    {
        var series = HourlySeries.Make(700, noise: 3);
        var (one, two) = (new double[48], new double[48]);
        Make(name).Forecast(series, one);
        Make(name).Forecast(series, two);
        Assert.Equal(one, two);
    }

    [Theory]
    [InlineData("theta")]
    [InlineData("mstl")]
    [InlineData("ets")]
    [InlineData("sarima")]
    [InlineData("hybrid")]
    public void Forecast_DayWeekAndNoise_BeatsSeasonalNaive(string name)
    {
        var truth = HourlySeries.Make(748)[700..];
        var (ours, naive) = (0.0, 0.0);
        for (var seed = 1UL; seed <= 3; seed++)
        {
            var series = HourlySeries.Make(700, noise: 3, seed);
            var forecast = new double[48];
            Make(name).Forecast(series, forecast);
            ours += HourlySeries.MeanAbsoluteError(truth, forecast);
            new SeasonalNaive().Forecast(series, forecast);
            naive += HourlySeries.MeanAbsoluteError(truth, forecast);
        }

        Assert.True(ours < 0.75 * naive, $"{ours} against {naive}");
    }

    [Theory]
    [InlineData("theta")]
    [InlineData("mstl")]
    [InlineData("ets")]
    [InlineData("sarima")]
    [InlineData("hybrid")]
    public void Forecast_ScaledSeries_ScalesTheForecast(string name)
    {
        var series = HourlySeries.Make(500, noise: 3);
        var (plain, scaled) = (new double[24], new double[24]);
        Make(name).Forecast(series, plain);
        Make(name).Forecast(Array.ConvertAll(series, v => v * 1024), scaled);
        for (var h = 0; h < 24; h++) Assert.Equal(1, scaled[h] / (1024 * plain[h]), 1e-4);
    }

    private static ISeriesModel Make(string name) => name switch
    {
        "naive" => new SeasonalNaive(24),
        "theta" => new Theta(24, 168),
        "mstl" => new Mstl(24, 168),
        "ets" => new Ets(24, 168),
        "sarima" => new Sarima(),
        "hybrid" => new HybridArima(),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };
}
