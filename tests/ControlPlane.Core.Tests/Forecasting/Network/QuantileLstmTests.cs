using ControlPlane.Core.Forecasting.Network;
using ControlPlane.Core.Tests.Forecasting.Neural;

namespace ControlPlane.Core.Tests.Forecasting.Network;

public sealed class QuantileLstmTests
{
    private const int Hidden = 12;
    private const int Covariates = 2;
    private const int Window = 24;
    private static readonly float[] Levels = [0.1f, 0.5f, 0.9f];

    [Fact]
    public void Forecast_SeveralSteps_EqualsFeedingBackTheMedian()
    {
        var (network, ahead) = (Make(3), Wave.Make(6 * Covariates, 0.6, 1));
        var state = new LstmState(Hidden);
        network.Observe(0.4f, ahead.AsSpan(0, Covariates), state);
        var rows = new float[6 * Levels.Length];
        network.Forecast(state, ahead.AsSpan(Covariates), 6, rows);
        for (var step = 0; step < 6; step++)
        {
            var row = new float[Levels.Length];
            network.Forecast(state, [], 1, row);
            Assert.Equal(row, rows[(step * Levels.Length)..((step + 1) * Levels.Length)]);
            if (step < 5) network.Observe(row[1], ahead.AsSpan((step + 1) * Covariates, Covariates), state);
        }
    }

    [Fact]
    public void Step_StateCarriedOver_HasTheGradientOfItsWindow()
    {
        var network = Make(5);
        var (values, known) = (Wave.Make(9, 0.9, 1), Wave.Make(8 * Covariates, 0.5, 1));
        double Loss() => new QuantileLstmTrainer(network, 8).Step(values, known, Carried(), rate: 0);
        // Rate 0 and decay leave the weights; the clip is far above the gradient, so that it stays as it is.
        new QuantileLstmTrainer(network, 8, decay: 0, longestGradient: 1e6f).Step(values, known, Carried(), rate: 0);
        Wave.CheckGradients(network.Parameters, Loss, 2e-3f, 5e-3, stride: 7);
    }

    [Fact]
    public void Step_RepeatingSeries_LearnsIt()
    {
        var (network, state) = (Make(1), new LstmState(Hidden));
        var trainer = new QuantileLstmTrainer(network, Window);
        var (values, known) = (Wave.Make(Window + 1, 2 * Math.PI / 8, 1), new float[Window * Covariates]);
        var before = trainer.Step(values, known, state, 3e-3f);
        var after = before;
        for (var i = 0; i < 300; i++) after = trainer.Step(values, known, state, 3e-3f);
        Assert.InRange(after, 0, before / 3);
    }

    [Fact]
    public void Step_EqualSeeds_GivesEqualBits()
    {
        float[] Train()
        {
            var (network, state) = (Make(8), new LstmState(Hidden));
            var trainer = new QuantileLstmTrainer(network, Window);
            for (var i = 0; i < 20; i++) trainer.Step(Wave.Make(Window + 1, 0.3 + i, 1), Wave.Make(Window * Covariates, 0.1, 1), state, 1e-3f);
            return network.Parameters.Values.ToArray();
        }

        Assert.Equal(Train(), Train());
        Assert.NotEqual(Make(8).Parameters.Values.ToArray(), Make(9).Parameters.Values.ToArray());
    }

    [Fact]
    public void Observe_NumbersOfEveryKind_GivesFiniteAscendingQuantiles()
    {
        var (network, state) = (Make(2), new LstmState(Hidden));
        var rows = new float[4 * Levels.Length];
        foreach (var value in (float[])[0, float.NaN, float.MaxValue, float.NegativeInfinity, -3, 1e-38f])
        {
            network.Observe(value, [value, 1], state);
            network.Forecast(state, [value, value, 0, 0, float.PositiveInfinity, 1], 4, rows);
            for (var i = 0; i < rows.Length; i++)
            {
                Assert.True(float.IsFinite(rows[i]));
                if (i % Levels.Length > 0) Assert.True(rows[i] >= rows[i - 1]);
            }
        }
    }

    [Fact]
    public void Step_TargetNotFinite_LeavesTheWeights()
    {
        var network = Make(2);
        var before = network.Parameters.Values.ToArray();
        var loss = new QuantileLstmTrainer(network, 4).Step([1, 2, float.NaN], new float[2 * Covariates], new LstmState(Hidden), 0.01f);
        Assert.False(double.IsFinite(loss));
        Assert.Equal(before, network.Parameters.Values.ToArray());
    }

    [Fact]
    public void ObserveForecastAndStep_AfterTheFirst_AllocateNothing()
    {
        var (network, state, rows) = (Make(2), new LstmState(Hidden), new float[20 * Levels.Length]);
        var trainer = new QuantileLstmTrainer(network, Window);
        var (values, known) = (Wave.Make(Window + 1, 0.3, 1), Wave.Make(Window * Covariates, 0.1, 1));
        void Once()
        {
            network.Observe(0.5f, known.AsSpan(0, Covariates), state);
            network.Forecast(state, known, 20, rows);
            trainer.Step(values, known, state, 1e-3f);
        }

        Once();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 5; i++) Once();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Make_WithoutTheMedian_IsRefused() => Assert.Throws<ArgumentException>(() => new QuantileLstm(1, 4, [0.1f, 0.9f], 1));

    private static QuantileLstm Make(ulong seed) => new(Covariates, Hidden, Levels, seed);

    private static LstmState Carried()
    {
        var state = new LstmState(Hidden);
        Wave.Make(Hidden, 0.7, 0.5).CopyTo(state.Output);
        Wave.Make(Hidden, 1.7, 0.8).CopyTo(state.Cell);
        return state;
    }
}
