namespace ControlPlane.Core.Forecasting.Ensemble;

/// <summary>The models' scale: z = ln(y + c), so that errors are relative for a large load and absolute for a small one.</summary>
/// <param name="Offset">c, requests per second.</param>
internal readonly record struct DemandScale(double Offset)
{
    private const double OffsetShare = 0.05;
    private const double FallbackOffset = 0.05;
    private const double SmallestOffset = 1e-6;

    /// <summary>Chooses c as a twentieth of the median of the first values (of their mean if most are 0).</summary>
    public static DemandScale From(ReadOnlySpan<double> values)
    {
        var known = new List<double>(values.Length);
        foreach (var value in values)
        {
            if (!double.IsNaN(value)) known.Add(value);
        }

        known.Sort();
        var middle = known.Count == 0 ? 0 : known[known.Count / 2];
        if (middle <= 0 && known.Count > 0) middle = known.Average();
        return new DemandScale(middle <= 0 ? FallbackOffset : Math.Max(OffsetShare * middle, SmallestOffset));
    }

    /// <summary>A typical demand of the start, requests per second.</summary>
    public double Unit => Offset / OffsetShare;

    public double ToModel(double demand) => Math.Log(demand + Offset);

    public double ToDemand(double z) => Math.Clamp(Math.Exp(z) - Offset, 0, DemandForecaster.MaxDemand);

    /// <summary>The change from one demand to another on a scale: 0 this one, 1 in units of <see cref="Unit"/>.</summary>
    public double Change(int scale, double from, double to) => scale == 0 ? ToModel(to) - ToModel(from) : (to - from) / Unit;
}
