using ControlPlane.Core.Forecasting.Neural;

namespace ControlPlane.Core.Tests.Forecasting.Neural;

/// <summary>Gradients against finite differences, with a loss that is a sum of fixed shares of the outputs.</summary>
public sealed class LayerGradientTests
{
    private const int Rows = 3;

    [Fact]
    public void Backward_Dense_MatchesFiniteDifferences()
    {
        var parameters = new ParameterSet();
        var layer = new DenseLayer(parameters, 5, 18, new SeededNoise(3));
        var (x, shares, dx) = (Wave.Make(Rows * 5, 0.8, 1), Wave.Make(Rows * 18, 1.3, 1), new float[Rows * 5]);
        layer.Backward(x, shares, dx, Rows);
        Wave.CheckGradients(parameters, () => Loss(layer, x, shares), 0.5f, 1e-4);
        for (var i = 0; i < x.Length; i++)
        {
            var value = x[i];
            x[i] = value + 0.5f;
            var above = Loss(layer, x, shares);
            x[i] = value - 0.5f;
            var below = Loss(layer, x, shares);
            x[i] = value;
            Assert.Equal(above - below, dx[i], 1e-4);
        }
    }

    [Fact]
    public void Backward_Lstm_MatchesFiniteDifferences()
    {
        const int Steps = 6;
        var parameters = new ParameterSet();
        var layer = new LstmLayer(parameters, 3, 5, new SeededNoise(4));
        var tape = new LstmTape(layer, Rows, Steps);
        var shares = Wave.Make(Steps * Rows * 5, 1.3, 1);
        var loss = Run(layer, tape, shares, Steps);
        Assert.True(double.IsFinite(loss));
        for (var t = 0; t < Steps; t++) shares.AsSpan(t * Rows * 5, Rows * 5).CopyTo(tape.OutputGradient(t));
        layer.Backward(tape, Rows, Steps);
        Wave.CheckGradients(parameters, () => Run(layer, tape, shares, Steps), 0.01f, 1e-3);
    }

    [Fact]
    public void Step_OneByOne_EqualsTheTape()
    {
        const int Steps = 4;
        var layer = new LstmLayer(new ParameterSet(), 3, 5, new SeededNoise(4));
        var tape = new LstmTape(layer, Rows, Steps);
        Run(layer, tape, Wave.Make(Steps * Rows * 5, 1, 1), Steps);
        var (h, c, scratch) = (new float[5], new float[5], new float[3 + 25]);
        for (var t = 0; t < Steps; t++)
        {
            layer.Step(tape.Input(t, 1), h, c, scratch);
            Assert.Equal(tape.Output(t).Slice(5, 5).ToArray(), h);
            Assert.Equal(tape.Cell(t).Slice(5, 5).ToArray(), c);
        }
    }

    private static double Loss(DenseLayer layer, float[] x, float[] shares)
    {
        var y = new float[shares.Length];
        layer.Forward(x, y, Rows);
        return Dot(y, shares);
    }

    private static double Run(LstmLayer layer, LstmTape tape, float[] shares, int steps)
    {
        for (var t = 0; t < steps; t++)
            for (var row = 0; row < Rows; row++) Wave.Make(3, 0.4 * (t + 1) + row, 1.2).CopyTo(tape.Input(t, row));
        layer.Forward(tape, Rows, steps);
        var loss = 0.0;
        for (var t = 0; t < steps; t++) loss += Dot(tape.Output(t), shares.AsSpan(t * Rows * layer.Hidden, Rows * layer.Hidden));
        return loss;
    }

    private static double Dot(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = 0.0;
        for (var i = 0; i < a.Length; i++) sum += a[i] * (double)b[i];
        return sum;
    }
}
