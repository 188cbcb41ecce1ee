namespace ControlPlane.Core.Anomalies;

/// <summary>What an operator said about reported anomalies, as a factor on the threshold of the detector that reported them.</summary>
/// <param name="Factor">The factor, 0.7 to 2; 1 without labels.</param>
[GenerateSerializer, Immutable, Alias("cp.OperatorLabels")]
public sealed record OperatorLabels([property: Id(0)] double Factor = 1)
{
    /// <summary>Share by which a dismissal raises the threshold: a false alarm costs trust at once.</summary>
    private const double Dismissal = 0.10;

    /// <summary>Share by which a confirmation lowers it: less, so that one dismissal in three confirmations is about even.</summary>
    private const double Confirmation = 0.03;
    private const double Least = 0.7;
    private const double Most = 2;

    /// <summary>No labels yet.</summary>
    public static OperatorLabels None { get; } = new();

    /// <summary>After the operator said that an anomaly was real.</summary>
    public OperatorLabels Confirm() => new(Math.Clamp(Factor * (1 - Confirmation), Least, Most));

    /// <summary>After the operator said that there was none.</summary>
    public OperatorLabels Dismiss() => new(Math.Clamp(Factor * (1 + Dismissal), Least, Most));
}
