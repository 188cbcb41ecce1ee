namespace ControlPlane.Core.Forecasting.Ensemble;

/// <summary>Bins of errors ÷ scale, even in asinh(4r), so that the middle is fine; what lies beyond the outermost counts as in it.</summary>
internal sealed class ErrorBins
{
    /// <summary>To ±40 scales.</summary>
    public static readonly ErrorBins Wide = new(56, 40, 6);

    /// <summary>To ±5 scales: farther out, one jump out of a calm widens the tails a hundredfold once the scale has followed.</summary>
    public static readonly ErrorBins Near = new(24, 5, 4);

    private const double Stretch = 4;
    private readonly double _outermost;

    private ErrorBins(int count, double reach, double priorWeight)
    {
        (Count, PriorWeight, _outermost) = (count, priorWeight, Math.Asinh(Stretch * reach));
        Edges = new double[count + 1];
        for (var i = 0; i <= count; i++) Edges[i] = Math.Sinh(_outermost * (2.0 * i / count - 1)) / Stretch;
    }

    public int Count { get; }

    /// <summary>Ascending, one more than there are bins.</summary>
    public double[] Edges { get; }

    /// <summary>Errors that the distribution before the first weighs as much as.</summary>
    public double PriorWeight { get; }

    /// <summary>The bin of an error ÷ scale.</summary>
    public int Of(double ratio) => Math.Clamp((int)((Math.Asinh(Stretch * ratio) / _outermost + 1) * (Count / 2)), 0, Count - 1);
}
