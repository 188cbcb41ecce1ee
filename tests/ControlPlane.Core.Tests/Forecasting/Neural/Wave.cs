using ControlPlane.Core.Forecasting.Neural;

namespace ControlPlane.Core.Tests.Forecasting.Neural;

/// <summary>Numbers that two implementations can make without sharing a generator.</summary>
internal static class Wave
{
    public static float[] Make(int count, double pace, double size)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++) values[i] = (float)(size * Math.Sin(pace * (i + 1)));
        return values;
    }

    /// <summary>Compares gradients with central differences of the loss that they belong to.</summary>
    /// <param name="parameters">Weights, with the gradients already in place.</param>
    /// <param name="loss">The loss at the present weights.</param>
    /// <param name="step">Half the distance of the two points.</param>
    /// <param name="tolerance">Largest difference, relative to the longest gradient.</param>
    /// <param name="stride">Checks every so many weights.</param>
    public static void CheckGradients(ParameterSet parameters, Func<double> loss, float step, double tolerance, int stride = 1)
    {
        var analytic = parameters.Gradients.ToArray();
        var largest = analytic.Max(g => Math.Abs(g));
        Assert.True(largest > 0);
        for (var i = 0; i < parameters.Count; i += stride)
        {
            var value = parameters.Values[i];
            parameters.Values[i] = value + step;
            var above = loss();
            parameters.Values[i] = value - step;
            var below = loss();
            parameters.Values[i] = value;
            Assert.InRange((above - below) / (2 * step) - analytic[i], -tolerance * largest, tolerance * largest);
        }
    }
}
