using ControlPlane.Core.Forecasting.Scoring;

namespace ControlPlane.Core.Tests.Forecasting.Scoring;

public sealed class StrongHoltWintersTests
{
    private static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);

    /// <summary>Two bins a day; α = 0.5, γ = 0.25, β = 0.1, φ = 0.9, worked out from the equations in the docstring.</summary>
    [Fact]
    public void Predict_ShortSeries_FollowsTheEquations()
    {
        var grid = TraceGrid.Of(TimeSpan.FromHours(12), 3, TraceScoreOptions.DefaultLevels);
        var set = new StrongHoltWintersSet(grid, alpha: 0.5, gamma: 0.25, beta: 0.1, phi: 0.9);
        double[] values = [10, 20, 12, 22, 14, 26];
        for (var i = 0; i < values.Length; i++) set.Update(i, values[i]);

        Assert.Equal(16.616393693406, set.Predict(1), 9);
        Assert.Equal(26.767407853097, set.Predict(2), 9);
        Assert.Equal(17.922238521975, set.Predict(3), 9);
    }

    [Fact]
    public void Forecast_CleanDailyCycle_KnowsItAfterThreeDays()
    {
        var grid = TraceGrid.Of(FiveMinutes, 12, TraceScoreOptions.DefaultLevels);
        var model = new StrongHoltWinters(grid);
        var steps = 4 * 288 + 70;
        for (var i = 0; i < steps; i++) model.Update(i, Cycle(i));
        var rows = new float[grid.Cells];

        Assert.True(model.Forecast(rows));
        for (var h = 0; h < 12; h++) Assert.Equal(Cycle(steps + h), rows[h * 8 + 3], 5.0);
    }

    [Fact]
    public void Grid_Default_HasTheSetsThatTheDocsSay() =>
        Assert.Equal(StrongHoltWinters.SetCount, StrongHoltWintersSet.Grid(TraceGrid.Of(FiveMinutes, 1, TraceScoreOptions.DefaultLevels)).Length);

    private static double Cycle(int i) => 300 - 200 * Math.Cos(2 * Math.PI * i / 288);
}
