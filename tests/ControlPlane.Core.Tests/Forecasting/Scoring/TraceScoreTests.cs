using ControlPlane.Core.Forecasting.Scoring;

namespace ControlPlane.Core.Tests.Forecasting.Scoring;

public sealed class TraceScoreTests
{
    private static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);
    private static readonly TraceScoreOptions Options = new() { Step = FiveMinutes, Horizon = TimeSpan.FromMinutes(15) };

    /// <summary>Two steps ahead, a model that always says 1, …, 8: the sums are worked out by hand.</summary>
    [Fact]
    public void Run_FixedForecast_CountsWhatWasSaid()
    {
        var grid = TraceGrid.Of(FiveMinutes, 2, TraceScoreOptions.DefaultLevels);
        double?[] values = [.. Enumerable.Repeat<double?>(5, 36), 4, 9, null, 0.5];
        var table = TraceScore.Run(values, Options, grid, [new Fixed()], null, null, CancellationToken.None);

        // Origins 35, 36, 37, 39; outcomes at 36 (4), 37 (9, twice), 39 (0.5, from 37).
        Assert.Equal(4, table.Pairs);
        var row = table.Rows[0];
        Assert.Equal("0.25 0.25 0.25 0.5 0.5 0.5 0.5 0.5", string.Join(' ', row.Coverage));
        Assert.Equal(0.25, row.Coverage95);
        Assert.Equal((0 + 5 + 5 + 3.5) / (4 + 9 + 9 + 0.5), row.Wape!.Value, 9);
        double[] outcomes = [4, 9, 9, 0.5];
        Assert.Equal(outcomes.Average(outcome => PinballLoss.Mean([.. grid.Levels], outcome, [1, 2, 3, 4, 5, 6, 7, 8])), row.Pinball, 9);
        Assert.Equal(row.Pinball, row.FirstDayPinball!.Value, 9);
    }

    [Fact]
    public void Run_AllModels_AreScoredAndTheEnsembleBeatsTheLastValueOnACycle()
    {
        var table = TraceScore.Run(Noisy(3 * 288), Options);

        Assert.Equal(TraceScore.ModelNames.AsEnumerable(), table.Rows.Select(row => row.Name));
        Assert.Equal((3 * 288 - 35) * 3 - 6, table.Pairs);
        Assert.All(table.Rows, row => Assert.True(double.IsFinite(row.Pinball) && row.Pinball > 0, row.Name));
        Assert.True(table.Find(TraceScore.Ensemble)!.Pinball < table.Find(TraceScore.LastValue)!.Pinball);
        Assert.InRange(table.RatioToBetterBaseline(TraceScore.Ensemble)!.Value, 0.1, 1.0);
    }

    /// <summary>Every model must say bit-identically the same up to the first step that differs.</summary>
    [Fact]
    public void Models_OtherFuture_SayTheSameBefore()
    {
        const int Changed = 500;
        var grid = TraceGrid.Of(FiveMinutes, 3, TraceScoreOptions.DefaultLevels);
        foreach (var name in TraceScore.ModelNames)
        {
            var (one, other) = (TraceModels.Create(grid, Options with { Models = [name] })[0], TraceModels.Create(grid, Options with { Models = [name] })[0]);
            var (rows, otherRows) = (new float[grid.Cells], new float[grid.Cells]);
            var values = Noisy(Changed + 50);
            for (var i = 0; i < values.Length; i++)
            {
                one.Update(i, values[i]!.Value);
                other.Update(i, i < Changed ? values[i]!.Value : 9e5);
                if (i % 50 != 49 || !one.Forecast(rows)) continue;
                Assert.True(other.Forecast(otherRows));
                if (i < Changed) Assert.Equal(rows, otherRows);
                else Assert.NotEqual(rows, otherRows);
            }
        }
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(7.0)]
    [InlineData(1e12)]
    public void Run_ConstantTrace_IsForetoldByAll(double value)
    {
        var table = TraceScore.Run([.. Enumerable.Repeat<double?>(value, 600)], Options);

        Assert.All(table.Rows, row => Assert.InRange(row.Pinball, 0, 1e-3 * value + 1e-6));
        Assert.Equal(value == 0, table.Rows[0].Wape is null);
    }

    [Theory]
    [InlineData(null, 400)]
    [InlineData(5.0, 1)]
    [InlineData(5.0, 36)]
    [InlineData(double.NaN, 400)]
    [InlineData(-1.0, 400)]
    [InlineData(1e300, 400)]
    public void Run_NothingToScore_SaysWhy(double? value, int count)
    {
        var table = TraceScore.Run([.. Enumerable.Repeat(value, count)], Options);

        Assert.Empty(table.Rows);
        Assert.Contains("no forecast could be scored", table.Problem);
        Assert.Equal(value is null or 5.0 ? 0 : count, table.Rejected);
    }

    [Fact]
    public void Run_HolesAndRubbish_StaysFinite()
    {
        var values = Noisy(900);
        for (var i = 0; i < values.Length; i += 7) values[i] = i % 2 == 0 ? null : double.PositiveInfinity;
        for (var i = 400; i < 500; i++) values[i] = null;
        values[600] = 9e11;
        var table = TraceScore.Run(values, Options);

        Assert.Null(table.Problem);
        Assert.All(table.Rows, row => Assert.True(double.IsFinite(row.Pinball), row.Name));
    }

    [Fact]
    public void Run_Cancelled_Ends()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => TraceScore.Run(Noisy(300), Options, cancellation: source.Token));
    }

    [Fact]
    public void Run_Progress_GoesFromNothingToAll()
    {
        var told = new Told();
        TraceScore.Run(Noisy(600), Options with { Models = [TraceScore.LastValue] }, told);
        Assert.Equal([0, 256.0 / 600, 512.0 / 600, 1], told.Shares);
    }

    [Fact]
    public void Run_UnknownModelOrMissingLevel_Throws()
    {
        Assert.Contains("no model 'x'", Assert.Throws<ArgumentException>(() => TraceScore.Run([1], Options with { Models = ["x"] })).Message);
        Assert.Contains("0.025", Assert.Throws<ArgumentException>(() => TraceScore.Run([1], Options with { Levels = [0.5f] })).Message);
        Assert.ThrowsAny<ArgumentException>(() => TraceScore.Run([1], Options with { Horizon = TimeSpan.Zero }));
    }

    [Theory]
    [InlineData(300, 12, "1,2,3,4,5,6,7,8,9,10,11,12")]
    [InlineData(60, 60, "5,10,15,20,25,30,35,40,45,50,55,60")]
    [InlineData(60, 30, "3,6,9,12,15,18,21,24,27,30")]
    public void Grid_Horizon_IsSampledWhenLong(int seconds, int horizon, string expected) =>
        Assert.Equal(expected, string.Join(",", TraceGrid.Of(TimeSpan.FromSeconds(seconds), horizon, TraceScoreOptions.DefaultLevels).Horizons));

    private static double?[] Noisy(int count)
    {
        var random = new Random(11);
        return [.. Enumerable.Range(0, count).Select(i => (double?)(300 - 200 * Math.Cos(2 * Math.PI * i / 288) + 30 * random.NextDouble()))];
    }

    private sealed class Fixed : TraceModel
    {
        public override string Name => "fixed";

        public override void Update(int step, double value)
        {
        }

        public override bool Forecast(Span<float> rows)
        {
            for (var i = 0; i < rows.Length; i++) rows[i] = i % 8 + 1;
            return true;
        }
    }

    private sealed class Told : IProgress<double>
    {
        public List<double> Shares { get; } = [];

        public void Report(double value) => Shares.Add(value);
    }
}
