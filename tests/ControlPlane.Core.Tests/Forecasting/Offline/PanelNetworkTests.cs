using ControlPlane.Core.Forecasting.Offline;
using ControlPlane.Core.Tests.Forecasting.Neural;

namespace ControlPlane.Core.Tests.Forecasting.Offline;

/// <summary>Both panel networks, at a size that trains in an instant.</summary>
public sealed class PanelNetworkTests
{
    private static readonly PanelOptions Small = new()
    {
        Lookback = 24,
        ScaleSteps = 12,
        Horizon = 8,
        Season = 4,
        LongSeason = 12,
        Hidden = 9,
        Dropout = 0,
        Epochs = 2,
        Batch = 16,
        Seed = 3,
    };

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Learn_AnyNetwork_GradientMatchesFiniteDifferences(bool isLstm, bool isGuided)
    {
        var options = Small with { IsGuided = isGuided };
        var (network, data) = (Make(isLstm, options), Panel(isGuided));
        var windows = data.Windows(options, 0, 5);
        var batch = new PanelBatch(options, windows.Length);
        network.Learn(data, windows, batch);
        var gradients = network.Parameters.Gradients.ToArray();
        // Differences overwrite the gradients, which are compared as they were.
        Wave.CheckGradients(network.Parameters, () => network.Learn(data, windows, batch), 5e-4f, 0.02, stride: 7);
        Assert.Contains(gradients, g => g != 0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Train_RepeatedPattern_LowersTheLossAndBeatsTheSeasonalMean(bool isLstm)
    {
        var losses = new List<double>();
        var options = Small with { Epochs = 60, Rate = 0.01f };
        var (network, data) = (Make(isLstm, options), Panel(false));
        network.Train(data, (_, loss, _) => losses.Add(loss));
        Assert.True(losses[^1] < 0.5 * losses[0], $"{losses[0]} to {losses[^1]}");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Train_SameSeed_SameBits(bool isLstm)
    {
        var (one, two, other) = (Run(3), Run(3), Run(4));
        Assert.Equal(one, two);
        Assert.NotEqual(one, other);

        float[] Run(ulong seed)
        {
            var network = Make(isLstm, Small with { Seed = seed, Dropout = 0.2f });
            network.Train(Panel(false));
            return network.Predict(Panel(false).Series[0]);
        }
    }

    [Fact]
    public void Predict_Quantiles_Ascend()
    {
        var network = Make(true, Small);
        network.Train(Panel(false));
        var quantiles = network.Predict(Panel(false).Series[1]);
        for (var h = 0; h < Small.Horizon; h++) Assert.True(quantiles[3 * h] <= quantiles[3 * h + 1] && quantiles[3 * h + 1] <= quantiles[3 * h + 2]);
    }

    [Fact]
    public void Train_HeldOutLossStopsFalling_EndsEarlyWithTheBestWeights()
    {
        var checks = new List<double>();
        var options = Small with { Epochs = 200, HeldOutSteps = 12, Patience = 2, Rate = 0.05f };
        var (network, data) = (Make(false, options), Panel(false, noise: 0.5f));
        var epochs = network.Train(data, (_, _, check) => checks.Add(check));
        Assert.Equal(checks.Count, epochs);
        Assert.InRange(epochs, 3, 199);
        var windows = data.Windows(options, 0, 5);
        var batch = new PanelBatch(options, windows.Length);
        Assert.Equal(checks.Min(), network.Learn(data, windows, batch), 1e-5);
    }

    [Fact]
    public void Train_Cancelled_Throws()
    {
        var network = Make(false, Small);
        Assert.Throws<OperationCanceledException>(() => network.Train(Panel(false), null, new CancellationToken(true)));
    }

    [Fact]
    public void Train_ValueNotFinite_NamesTheSeries()
    {
        var data = Panel(false);
        data.Series[2][7] = float.NaN;
        Assert.Contains("Series 2", Assert.Throws<ArgumentException>(() => Make(false, Small).Train(data)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Train_NoSeriesLongEnough_Throws() =>
        Assert.Throws<ArgumentException>(() => Make(false, Small).Train(new PanelData([new float[31], [1], []])));

    [Fact]
    public void Predict_SeriesTooShortOrGuideMissing_Throws()
    {
        Assert.Throws<ArgumentException>(() => Make(false, Small).Predict(new float[23]));
        Assert.Throws<ArgumentException>(() => Make(false, Small with { IsGuided = true }).Predict(new float[24]));
        Assert.Throws<ArgumentException>(() => Make(false, Small).Predict(new float[24], new float[8]));
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(1e6f)]
    [InlineData(-1e6f)]
    public void Predict_ConstantSeries_IsFinite(float value)
    {
        var network = Make(true, Small);
        network.Train(Panel(false));
        Assert.All(network.Predict(Enumerable.Repeat(value, 30).ToArray()), v => Assert.True(float.IsFinite(v)));
    }

    [Theory]
    [InlineData(7, 12, 24)]
    [InlineData(8, 10, 24)]
    [InlineData(8, 12, 12)]
    public void Lstm_ShapeNotWholeSeasons_Throws(int horizon, int longSeason, int lookback) =>
        Assert.Throws<ArgumentException>(() => new PanelLstm(Small with { Horizon = horizon, LongSeason = longSeason, Lookback = lookback }));

    [Fact]
    public void Windows_HeldOutAndTrained_ShareNone()
    {
        var data = Panel(false);
        var (held, trained) = (data.Windows(Small, 0, 10), data.Windows(Small, 10, int.MaxValue));
        Assert.Empty(held.Intersect(trained));
        Assert.Equal(4 * 10, held.Length);
        Assert.All(trained, w => Assert.True(w.Origin + Small.Horizon + 10 <= data.Series[w.Series].Length && w.Origin >= Small.Lookback));
    }

    private static PanelNetwork Make(bool isLstm, PanelOptions options) => isLstm ? new PanelLstm(options) : new PanelMlp(options);

    /// <summary>Four series that repeat after 12 steps with a shape that the mean of seasons misses; guides are the truth, a little off.</summary>
    private static PanelData Panel(bool isGuided, float noise = 0)
    {
        var series = new float[4][];
        for (var s = 0; s < 4; s++)
        {
            var rough = Wave.Make(90, 7.7 + s, noise);
            series[s] = new float[80];
            for (var t = 0; t < 80; t++) series[s][t] = s + MathF.Sin(MathF.PI * t / 6) * (1 + s) + 0.4f * MathF.Cos(MathF.PI * t * (s + 1) / 6) + rough[t];
        }

        return new PanelData(series, isGuided ? Array.ConvertAll(series, Guides) : null, w => 1 + 0.1f * w.Series);
    }

    private static float[]?[] Guides(float[] series)
    {
        var guides = new float[]?[series.Length + 1];
        for (var origin = 24; origin + 8 <= series.Length; origin++)
            guides[origin] = Array.ConvertAll(series[origin..(origin + 8)], v => 0.9f * v + 0.1f);
        return guides;
    }
}
