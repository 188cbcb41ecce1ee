using ControlPlane.Core.Forecasting.Members;

namespace ControlPlane.Core.Tests.Forecasting;

/// <summary>Against statsmodels; Golden/holt_winters.py made the figures.</summary>
public sealed class HoltWintersModelTests
{
    private const int Season = 12;
    private const long FirstStep = 1200;
    private const int Decimals = 5;
    private static readonly HoltWintersWeights Weights = new(0.4, 0.15, 0.25, 0.9);

    [Fact]
    public void Update_WithoutSeason_MatchesStatsmodels()
    {
        var model = Run(25, bins: 0);
        Assert.Equal(10.070534656295, model.Level, Decimals);
        Assert.Equal(-0.037443268028, model.Trend, Decimals);
    }

    [Fact]
    public void Update_DampedTrendAndSeason_MatchesStatsmodels()
    {
        var model = Run(96, Season);
        Assert.Equal(14.484259729337, model.Level, Decimals);
        Assert.Equal(0.007826516761, model.Trend, Decimals);
    }

    [Fact]
    public void Predict_PastOneSeason_MatchesStatsmodels()
    {
        double[] expected =
        [
            14.638421793, 15.794891509, 16.393783693, 16.516459484, 16.360506456, 15.685553771, 14.512662304,
            13.476686220, 12.931413290, 12.685467996, 12.823218390, 13.653701633, 14.683912019, 15.835832712,
        ];
        var model = Run(96, Season);
        for (var h = 1; h <= expected.Length; h++) Assert.Equal(expected[h - 1], model.Predict(FirstStep + 95, h), Decimals);
    }

    [Fact]
    public void Update_BeforeTwoSeasons_IsHoltsMethod()
    {
        var (seasonal, plain) = (Run(24, Season), Run(24, bins: 0));
        Assert.Equal(plain.Predict(FirstStep + 23, 5), seasonal.Predict(FirstStep + 23, 5));
    }

    private static HoltWintersModel Run(int count, int bins)
    {
        var state = new DemandState(TimeSpan.FromHours(1));
        var model = new HoltWintersModel(Weights, stepsPerBin: 1, bins);
        for (var i = 0; i < count; i++)
        {
            state.Update(FirstStep + i, 10 + 0.05 * i + 2 * Math.Sin(2 * Math.PI * i / Season) + 0.5 * Math.Cos(1.7 * i));
            model.Update(state);
        }

        return model;
    }
}
