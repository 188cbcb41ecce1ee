using ControlPlane.Core.Forecasting.LeadTime;

namespace ControlPlane.Core.Tests.Forecasting.LeadTime;

public sealed class ShiftedMixtureTests
{
    private static readonly float[] Levels = [0.1f, 0.3f, 0.5f, 0.7f, 0.9f, 0.99f];
    private static readonly float[] Plain = [1, 2, 3, 4, 5, 6];

    [Fact]
    public void Apply_FarShift_PutsTheUpperLevelsThere()
    {
        var values = Mixed(10, 0.25);
        // The lower 75% are the plain distribution, stretched; the upper 25% the shifted one.
        Assert.Equal(0.1f / 0.75f, Share(values[0]), 1e-5);
        Assert.Equal(0.5f / 0.75f, Share(values[2]), 1e-5);
        Assert.Equal((0.9 - 0.75) / 0.25, Share(values[4] - 10), 1e-5);
        Assert.InRange(values[5], 15, 16);
    }

    [Fact]
    public void Apply_NoOrFullWeight_IsThePlainOrTheShiftedDistribution()
    {
        Assert.Equal(Plain, Mixed(10, 0));
        var shifted = Mixed(10, 1);
        for (var i = 1; i < Plain.Length; i++) Assert.Equal(Plain[i] + 10, shifted[i], 1e-5);
    }

    [Fact]
    public void Apply_AnyShiftAndWeight_AscendsAndLiesBetweenBoth()
    {
        for (var shift = 0f; shift < 8; shift += 0.7f)
        {
            for (var weight = 0.0; weight <= 1; weight += 0.05)
            {
                var values = Mixed(shift, weight);
                for (var i = 0; i < values.Length; i++)
                {
                    Assert.InRange(values[i], Plain[i] - 1e-4, Plain[i] + shift + 1e-4);
                    if (i > 0) Assert.True(values[i] >= values[i - 1]);
                }
            }
        }
    }

    private static float[] Mixed(float shift, double weight)
    {
        var values = (float[])Plain.Clone();
        ShiftedMixture.Apply(Levels, values, shift, weight);
        return values;
    }

    /// <summary>The distribution function of <see cref="Plain"/>, linear between its levels.</summary>
    private static double Share(float value)
    {
        var next = Array.FindIndex(Plain, v => v > value);
        return Levels[next - 1] + (value - Plain[next - 1]) * (Levels[next] - Levels[next - 1]);
    }
}
