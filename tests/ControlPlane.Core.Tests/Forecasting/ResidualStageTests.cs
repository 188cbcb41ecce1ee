using ControlPlane.Core.Forecasting.Ensemble;
using ControlPlane.Core.Forecasting.Members;
using ControlPlane.Core.Forecasting.Neural;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Tests.Forecasting;

/// <summary>The stage behind forecasts that always say the same: 100 with quantiles of a normal error of 10.</summary>
public sealed class ResidualStageTests
{
    private const int Horizon = 5;
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(5);
    private static readonly float[] Row = [.. QuantileGrid.Levels.Select(level => (float)(100 + 10 * QuantileGrid.NormalQuantile(level)))];

    [Fact]
    public void Apply_JobsEveryThirdStep_AreForetoldFromTheLastOnes()
    {
        var run = new Run((step, noise) => 100 + (step % 3 == 0 ? 20 : -10) + noise);
        run.Go(3 * 288);
        Assert.InRange(run.Ratio(288), 0, 0.55);
    }

    [Fact]
    public void Apply_ErrorsWithoutPattern_LosesNextToNothing()
    {
        var run = new Run((_, noise) => 100 + 10 * noise);
        run.Go(10 * 288);
        Assert.InRange(run.Ratio(288), 0.9, 1.01);
    }

    [Fact]
    public void Apply_AnHourThatIsAlwaysMissed_MovesThatHourOnly()
    {
        var run = new Run((step, noise) => 100 + 3 * noise + (step % 288 / 12 == 9 ? 15 : 0));
        run.Go(20 * 288 + 9 * 12);
        Assert.InRange(run.Given(Horizon)[4], 104, 120);
        run.Go(12);
        Assert.InRange(run.Given(Horizon)[4], 95, 103);
    }

    [Fact]
    public void Load_OfWhatWasSaved_SpeaksAndLearnsTheSame()
    {
        var run = new Run((step, noise) => 100 + (step % 7 == 0 ? 30 : 0) + noise);
        run.Go(400);
        var loaded = run.Reload();
        Assert.Equal(run.Given(Horizon), loaded.Given(Horizon));
        run.Go(100);
        loaded.Go(100);
        Assert.Equal(run.Given(Horizon), loaded.Given(Horizon));
    }

    [Fact]
    public void Load_OrderThatCannotBe_SaysSo()
    {
        var writer = new StateWriter("TEST", 1);
        writer.Write(0);
        writer.Write(99);
        var bytes = writer.ToBytes();
        var stage = new ResidualStage(Step);
        Assert.Throws<InvalidDataException>(() =>
        {
            var reader = new StateReader(bytes, "TEST", 1, "the stage");
            stage.Load(ref reader);
        });
    }

    /// <summary>Half precision ends at 65,504 spreads.</summary>
    [Fact]
    public void Learn_ForecastWithFarTails_StaysFinite()
    {
        var (stage, history) = (new ResidualStage(Step), NewHistory());
        float[] row = [.. Row];
        (row[0], row[^1]) = (-1e9f, 1e9f);
        for (var step = 1; step < 200; step++)
        {
            stage.Learn(step, 100, history.Past);
            history.Update(step, 100);
            stage.Remember(0, history, row);
        }

        float[] given = [.. row];
        stage.Apply(1, history, given);
        Assert.All(given, value => Assert.True(float.IsFinite(value)));
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(5, 12)]
    [InlineData(15, 12)]
    public void HorizonsFor_Step_AreAllTwelveOrTheModelledOnes(int minutes, int expected)
    {
        var step = TimeSpan.FromMinutes(minutes);
        Assert.Equal(expected, new ResidualStage(step).Count);
        Assert.Equal(CoarseHorizons.HorizonsFor(step)[^1], ResidualStage.HorizonsFor(step)[^1]);
    }

    private static DemandHistory NewHistory() => new(Step) { Scale = DemandScale.From([100.0]) };

    private sealed class Run(Func<long, double, double> load)
    {
        private readonly SeededNoise _noise = new(3);
        private readonly List<(double Before, double After)> _losses = [];
        private readonly Dictionary<long, float[]> _open = [];
        private ResidualStage _stage = new(Step);
        private DemandHistory _history = NewHistory();
        private long _step;

        public void Go(int steps)
        {
            for (var i = 0; i < steps; i++)
            {
                _step++;
                var outcome = load(_step, _noise.NextNormal());
                if (_open.Remove(_step, out var given)) _losses.Add((Loss(Row, outcome), Loss(given, outcome)));
                _stage.Learn(_step, outcome, _history.Past);
                _history.Update(_step, outcome);
                for (var k = 0; k < _stage.Count; k++)
                {
                    if (_stage.IsDue(k, _step)) _stage.Remember(k, _history, Row);
                }

                _open[_step + Horizon] = Given(Horizon);
            }
        }

        /// <summary>The loss with the stage ÷ without, from an outcome on.</summary>
        public double Ratio(int from) => _losses.Skip(from).Sum(loss => loss.After) / _losses.Skip(from).Sum(loss => loss.Before);

        public float[] Given(int steps)
        {
            float[] row = [.. Row];
            _stage.Apply(steps, _history, row);
            return row;
        }

        /// <summary>The same with a stage and a history that were saved and loaded, and the same noise to come.</summary>
        public Run Reload()
        {
            var writer = new StateWriter("TEST", 1);
            _stage.Save(writer);
            _history.Save(writer);
            var reader = new StateReader(writer.ToBytes(), "TEST", 1, "the stage");
            var other = new Run(load) { _stage = new ResidualStage(Step), _history = NewHistory(), _step = _step };
            other._stage.Load(ref reader);
            other._history.Load(ref reader);
            for (var i = 0L; i < _step; i++) other._noise.NextNormal();
            return other;
        }

        private static double Loss(float[] row, double outcome) => row.Select((value, level) => PinballLoss(QuantileGrid.Levels[level], outcome - value)).Sum();

        private static double PinballLoss(double level, double miss) => miss > 0 ? level * miss : (level - 1) * miss;
    }
}
