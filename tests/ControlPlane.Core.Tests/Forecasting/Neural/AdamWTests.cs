using ControlPlane.Core.Forecasting.Neural;

namespace ControlPlane.Core.Tests.Forecasting.Neural;

public sealed class AdamWTests
{
    [Fact]
    public void Step_TwoGradients_MatchesTheFormulaByHand()
    {
        var parameters = Make(1);
        parameters.Values[0] = 1;
        var optimiser = new AdamW(parameters, decay: 0.1f);
        parameters.Gradients[0] = 0.5f;
        optimiser.Step(0.1f);
        // m = 0.05, v = 0.00025, both corrected give 0.5 and 0.25: a step of 0.1 after the decay 1 - 0.1·0.1.
        Assert.Equal(0.99 - 0.1, parameters.Values[0], 1e-6);
        parameters.Gradients[0] = -1;
        optimiser.Step(0.1f);
        // m = 0.045 - 0.1 = -0.055 over 0.19, v = 0.00024975 + 0.001 over 0.001999.
        var expected = 0.89 * 0.99 + 0.1 * (0.055 / 0.19) / Math.Sqrt(0.00124975 / 0.001999);
        Assert.Equal(expected, parameters.Values[0], 1e-6);
    }

    [Fact]
    public void Step_LanesAndTail_MoveAlike()
    {
        var parameters = Make(19);
        parameters.Values.Fill(2);
        var optimiser = new AdamW(parameters, decay: 0.01f);
        for (var step = 0; step < 5; step++)
        {
            parameters.Gradients.Fill(0.3f * (step - 1));
            optimiser.Step(0.05f);
        }

        for (var i = 1; i < 19; i++) Assert.Equal(parameters.Values[0], parameters.Values[i], 1e-6);
        Assert.NotEqual(2, parameters.Values[0]);
    }

    [Fact]
    public void Step_Quadratic_FindsTheMinimum()
    {
        var parameters = Make(9);
        var optimiser = new AdamW(parameters);
        for (var step = 0; step < 2000; step++)
        {
            for (var i = 0; i < 9; i++) parameters.Gradients[i] = 2 * (parameters.Values[i] - i);
            optimiser.Step(0.02f);
        }

        for (var i = 0; i < 9; i++) Assert.Equal(i, parameters.Values[i], 1e-2);
    }

    [Fact]
    public void ClipGradients_LongAndShort_OnlyTheLongShrinks()
    {
        var parameters = Make(2);
        (parameters.Gradients[0], parameters.Gradients[1]) = (3, 4);
        Assert.Equal(5, parameters.ClipGradients(1), 1e-6);
        Assert.Equal(0.6, parameters.Gradients[0], 1e-6);
        Assert.Equal(1, parameters.ClipGradients(2), 1e-6);
        Assert.Equal(0.8, parameters.Gradients[1], 1e-6);
    }

    [Fact]
    public void ClipGradients_NotFinite_SaysSo()
    {
        var parameters = Make(2);
        parameters.Gradients[1] = float.NaN;
        Assert.False(float.IsFinite(parameters.ClipGradients(1)));
    }

    private static ParameterSet Make(int count)
    {
        var parameters = new ParameterSet();
        parameters.Add(count, new SeededNoise(1), 0);
        return parameters;
    }
}
