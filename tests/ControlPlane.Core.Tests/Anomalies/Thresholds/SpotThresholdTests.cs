using ControlPlane.Core.Anomalies.Thresholds;
using ControlPlane.Core.Forecasting.Neural;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Tests.Anomalies.Thresholds;

public sealed class SpotThresholdTests
{
    [Theory]
    [InlineData("pareto.-0.2", -0.2)]
    [InlineData("pareto.0", 0)]
    [InlineData("pareto.0.3", 0.3)]
    public void Fit_ParetoSample_MatchesScipysMaximumLikelihood(string name, double shape)
    {
        double[] sample = [.. AnomalyGolden.Uniforms(400, 5).Select(u => shape == 0 ? -2 * Math.Log(1 - u) : 2 * (Math.Pow(1 - u, -shape) - 1) / shape)];
        var fit = GeneralizedPareto.Fit(sample);

        var expected = AnomalyGolden.Read(name);
        Assert.Equal(expected[0], fit.Shape, 1e-3);
        Assert.Equal(expected[1], fit.Scale, 2e-3 * expected[1]);
        Assert.Equal(expected[2], fit.Quantile(0.001), 5e-3 * expected[2]);
    }

    [Fact]
    public void Fit_Degenerate_IsFinite()
    {
        Assert.Equal(0, GeneralizedPareto.Fit([]).Scale);
        Assert.True(GeneralizedPareto.Fit([3]).Quantile(1e-6) is >= 3 and < 1e4);
        Assert.True(double.IsFinite(GeneralizedPareto.Fit([1, 1, 1, 1]).Quantile(1e-6)));
        Assert.True(double.IsFinite(GeneralizedPareto.Fit([1e-12, 1e12]).Quantile(1e-6)));
    }

    [Theory]
    [InlineData(0.001)]
    [InlineData(0.0005)]
    public void Next_StationaryNoise_AlarmsAboutAsOftenAsStated(double probability)
    {
        const int Steps = 30_000;
        var (noise, spot, alarms) = (new SeededNoise(7), new SpotThreshold(probability), 0);
        for (var i = 0; i < Steps; i++)
        {
            if (spot.Next(noise.NextNormal())) alarms++;
        }

        Assert.InRange(alarms / (double)Steps, probability / 2.5, probability * 2.5);
    }

    [Fact]
    public void DriftNext_RisingLevel_DoesNotAlarmWherePlainSpotDoes()
    {
        var (noise, spot, drift) = (new SeededNoise(8), new SpotThreshold(1e-4), new DriftSpotThreshold(1e-4, 50));
        var (spotAlarms, driftAlarms) = (0, 0);
        for (var i = 0; i < 8_000; i++)
        {
            var value = noise.NextNormal() + i * 0.01;
            if (spot.Next(value)) spotAlarms++;
            if (drift.Next(value)) driftAlarms++;
        }

        Assert.InRange(driftAlarms, 0, 10);
        Assert.True(spotAlarms > 5 * (driftAlarms + 1), $"{spotAlarms} against {driftAlarms}");
        Assert.True(drift.Next(1_000));
    }

    [Fact]
    public void Next_FrozenOrUnknownValues_NeverAlarmUntilSomethingIsHigher()
    {
        var spot = new SpotThreshold(0.001);
        for (var i = 0; i < 2_000; i++) Assert.False(spot.Next(i % 3 == 0 ? double.NaN : 5));
        Assert.False(spot.Next(double.PositiveInfinity));
        Assert.True(spot.Next(6));
    }

    [Fact]
    public void SaveLoad_Midway_ContinuesWithTheSameThresholds()
    {
        foreach (var at in (int[])[100, 512, 3_000])
        {
            var (noise, first) = (new SeededNoise(9), new DriftSpotThreshold(0.001, 20));
            for (var i = 0; i < at; i++) first.Next(noise.NextNormal());
            var writer = new StateWriter("TEST", 1);
            first.Save(writer);
            var second = new DriftSpotThreshold(0.001, 20);
            var reader = new StateReader(writer.ToBytes(), "TEST", 1, "a test");
            second.Load(ref reader);
            reader.End();
            for (var i = 0; i < 1_000; i++)
            {
                var value = noise.NextNormal();
                Assert.Equal(first.Next(value), second.Next(value));
                Assert.Equal(first.Value, second.Value);
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.02)]
    [InlineData(double.NaN)]
    public void New_ImpossibleProbability_IsRefused(double probability) => Assert.Throws<ArgumentOutOfRangeException>(() => new SpotThreshold(probability));
}
