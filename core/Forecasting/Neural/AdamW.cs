using System.Runtime.Intrinsics;

namespace ControlPlane.Core.Forecasting.Neural;

/// <summary>Adam with decoupled weight decay (Loshchilov and Hutter, 2019, algorithm 2).</summary>
/// <param name="parameters">What it trains.</param>
/// <param name="decay">Weight decay; 0 is Adam (Kingma and Ba, 2015).</param>
internal sealed class AdamW(ParameterSet parameters, float decay = 0)
{
    private const float Beta1 = 0.9f;
    private const float Beta2 = 0.999f;
    private const float Epsilon = 1e-8f;
    private readonly float[] _first = new float[parameters.Count];
    private readonly float[] _second = new float[parameters.Count];
    private int _steps;

    /// <summary>Moves the weights against their gradients.</summary>
    /// <param name="rate">Learning rate.</param>
    public void Step(float rate)
    {
        _steps++;
        var correction1 = 1 - Math.Pow(Beta1, _steps);
        var correction2 = 1 - Math.Pow(Beta2, _steps);
        var size = (float)(rate / correction1);
        var root = (float)(1 / Math.Sqrt(correction2));
        var values = parameters.Values;
        var gradients = parameters.Gradients;
        var keep = 1 - rate * decay;
        var i = 0;
        for (; i + 8 <= values.Length; i += 8)
        {
            var g = Vector256.Create<float>(gradients[i..]);
            var m = Beta1 * Vector256.Create(_first, i) + (1 - Beta1) * g;
            var v = Beta2 * Vector256.Create(_second, i) + (1 - Beta2) * (g * g);
            m.CopyTo(_first, i);
            v.CopyTo(_second, i);
            var step = size * m / (Vector256.Sqrt(v) * root + Vector256.Create(Epsilon));
            (Vector256.Create<float>(values[i..]) * keep - step).CopyTo(values[i..]);
        }

        for (; i < values.Length; i++)
        {
            var g = gradients[i];
            _first[i] = Beta1 * _first[i] + (1 - Beta1) * g;
            _second[i] = Beta2 * _second[i] + (1 - Beta2) * (g * g);
            values[i] = values[i] * keep - size * _first[i] / (MathF.Sqrt(_second[i]) * root + Epsilon);
        }
    }
}
