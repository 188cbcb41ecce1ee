using ControlPlane.Core.Forecasting.Neural;
using ControlPlane.Core.Forecasting.Offline;

namespace ControlPlane.Core.Tests.Forecasting.Offline;

public sealed class SarimaModelTests
{
    /// <summary>(1 − 0.7B)(1 − 0.5B²⁴) z = (1 + 0.4B) e.</summary>
    [Fact]
    public void Fit_SimulatedProcess_FindsItsCoefficients()
    {
        var noise = new SeededNoise(2);
        var (z, e) = (new double[6000], new double[6000]);
        for (var t = 25; t < z.Length; t++)
        {
            e[t] = noise.NextNormal();
            z[t] = 0.7 * z[t - 1] + 0.5 * z[t - 24] - 0.35 * z[t - 25] + e[t] + 0.4 * e[t - 1];
        }

        var model = new SarimaModel(new SarimaOrder(1, 1, 1, 0, 0, 0), z, 25, 24, 168);
        model.Fit(e);
        Assert.Equal(0.7, model.Coefficients[0], 0.03);
        Assert.Equal(0.5, model.Coefficients[1], 0.03);
        Assert.Equal(0.4, model.Coefficients[2], 0.04);
        Assert.Equal(1, model.Errors.Skip(100).Average(v => v * v), 0.06);
    }

    [Fact]
    public void Forecast_FirstOrder_DecaysByItsCoefficient()
    {
        var noise = new SeededNoise(5);
        var z = new double[500];
        for (var t = 1; t < z.Length; t++) z[t] = 0.8 * z[t - 1] + noise.NextNormal();
        var model = new SarimaModel(new SarimaOrder(1, 0, 0, 0, 0, 0), z, 1, 24, 168);
        model.Fit(new double[500]);
        var forecast = new double[4];
        model.Forecast(forecast);
        for (var h = 0; h < 4; h++) Assert.Equal(z[^1] * Math.Pow(model.Coefficients[0], h + 1), forecast[h], 1e-9);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Integrate_DifferencesToCome_GivesTheSeriesToCome(bool isIntegrated)
    {
        var series = HourlySeries.Make(160, noise: 4);
        var differences = SarimaFit.Difference(series, 24);
        if (isIntegrated) differences = SarimaFit.Difference(differences, 1);
        var ahead = differences[^60..];
        var model = new SarimaModel(default, differences, 0, 24, 168);
        new SarimaFit(model, default, isIntegrated, 24, 0).Integrate(series.AsSpan(0, 100), ahead);
        for (var h = 0; h < 60; h++) Assert.Equal(series[100 + h], ahead[h], 1e-8);
    }
}
