using ControlPlane.Core.Forecasting;
using ControlPlane.Core.Forecasting.Ensemble;
using ControlPlane.Core.Forecasting.Network;
using ControlPlane.Core.Forecasting.Neural;
using ControlPlane.Core.Forecasting.Scoring;

namespace ControlPlane.Core.Tests.Forecasting;

public sealed class RowCorrectorTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(5);
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 0, 5, 0, TimeSpan.Zero);

    [Fact]
    public void Forecast_CorrectionThatIsAlwaysWrong_CostsLittle() => Assert.InRange(Loss(new Shift(20)) / Loss(null), 0.5, 1.15);

    [Fact]
    public void Forecast_CorrectionThatChangesNothing_GivesWhatTheEnsembleGives() => Assert.InRange(Loss(new Shift(0)) / Loss(null), 0.98, 1.01);

    [Fact]
    public void Forecast_CorrectionThatKnowsWhatComes_IsFollowed() => Assert.InRange(Loss(new Oracle(Demands())) / Loss(null), 0, 0.35);

    private static double[] Demands()
    {
        var noise = new SeededNoise(4);
        return [.. Enumerable.Range(0, 1200).Select(t => 100 * (1 + 0.4 * Math.Sin(2 * Math.PI * t / 288)) * Math.Exp(0.1 * noise.NextNormal()))];
    }

    private static double Loss(IRowCorrection? correction)
    {
        var engine = new ForecastEngine(Step, () => MemberSet.Bank(Step, correction));
        var demands = Demands();
        float[] levels = [0.1f, 0.5f, 0.9f];
        var (values, loss) = (new float[4 * levels.Length], 0.0);
        for (var t = 0; t < demands.Length - 4; t++)
        {
            engine.Update(Start + t * Step, demands[t]);
            if (engine.Forecast(4, levels, values, DateTimeOffset.MinValue, out _) != ForecastStatus.Ready) continue;
            for (var q = 0; q < levels.Length; q++) loss += PinballLoss.Of(levels[q], demands[t + 4], values[3 * levels.Length + q]);
        }

        return loss;
    }

    private sealed class Shift(float spreads) : IRowCorrection
    {
        public void Correct(long target, ReadOnlySpan<float> inputs, ReadOnlySpan<float> row, float spread, Span<float> corrected)
        {
            for (var level = 0; level < row.Length; level++) corrected[level] = row[level] + spreads * spread;
        }
    }

    private sealed class Oracle(double[] demands) : IRowCorrection
    {
        private readonly long _first = ControlPlane.Core.Metrics.StepGrid.IndexOf(Start, Step);

        public void Correct(long target, ReadOnlySpan<float> inputs, ReadOnlySpan<float> row, float spread, Span<float> corrected) =>
            corrected[..row.Length].Fill((float)demands[Math.Min(target - _first, demands.Length - 1)]);
    }
}
