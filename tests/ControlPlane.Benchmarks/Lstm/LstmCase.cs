using System.Globalization;
using System.Text;
using ControlPlane.Core.Forecasting.Network;
using ControlPlane.Core.Forecasting.Neural;

namespace ControlPlane.Benchmarks.Lstm;

/// <summary>One network, one series and what is asked of them; both implementations get the same numbers.</summary>
internal sealed class LstmCase
{
    public const int Hidden = 32;
    public const int Covariates = 7;
    public const int Horizon = 20;
    public const int Window = 24;
    public const float Rate = 1e-3f;
    public const float Decay = 0.01f;
    public const float LongestGradient = 0.05f;
    public static readonly float[] Levels = [0.05f, 0.1f, 0.25f, 0.5f, 0.75f, 0.9f, 0.95f, 0.99f];

    public LstmCase()
    {
        var noise = new SeededNoise(11);
        Values = Draw(noise, Window + 1, 1);
        Known = Draw(noise, Window * Covariates, 1);
        Ahead = Draw(noise, Horizon * Covariates, 1);
    }

    public QuantileLstm Network { get; } = new(Covariates, Hidden, Levels, seed: 7);

    /// <summary>The window's observations and the target after it.</summary>
    public float[] Values { get; }

    /// <summary>Covariates of the window's targets.</summary>
    public float[] Known { get; }

    /// <summary>Covariates of the steps to predict; those of the first go in with the newest observation.</summary>
    public float[] Ahead { get; }

    /// <summary>The state after the window, which the forecast starts from.</summary>
    public LstmState Warm()
    {
        var state = new LstmState(Hidden);
        for (var t = 0; t < Window; t++) Network.Observe(Values[t], Known.AsSpan(t * Covariates, Covariates), state);
        return state;
    }

    /// <summary>What the other implementation reads: a name and numbers a line.</summary>
    public string Describe()
    {
        var text = new StringBuilder();
        Write(text, "shape", [Network.Inputs, Hidden, Levels.Length, Horizon, Window]);
        Write(text, "training", [Rate, Decay, LongestGradient]);
        Write(text, "levels", Levels);
        Write(text, "cell", Network.Cell.Weights);
        Write(text, "bias", Network.Cell.Bias);
        Write(text, "head", Network.Head.Weights);
        Write(text, "offset", Network.Head.Bias);
        Write(text, "values", Values);
        Write(text, "known", Known);
        Write(text, "ahead", Ahead);
        return text.ToString();
    }

    private static float[] Draw(SeededNoise noise, int count, double size)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++) values[i] = (float)(size * noise.NextNormal());
        return values;
    }

    private static void Write(StringBuilder text, string name, ReadOnlySpan<float> numbers)
    {
        text.Append(name);
        foreach (var number in numbers) text.Append(' ').Append(number.ToString("R", CultureInfo.InvariantCulture));
        text.Append('\n');
    }
}
