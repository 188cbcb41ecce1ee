using ControlPlane.Core.Policies;

namespace ControlPlane.Core.Scaling.Hpa;

/// <summary>Relative deviations of usage ÷ target from 1 that are ignored, fractions.</summary>
public readonly record struct HpaTolerances
{
    /// <summary>Makes a pair of tolerances.</summary>
    public HpaTolerances(double down, double up) => (Down, Up) = (down, up);

    /// <summary>How far below 1 the ratio may be without scaling down.</summary>
    public double Down { get; }

    /// <summary>How far above 1 the ratio may be without scaling up.</summary>
    public double Up { get; }

    /// <summary>The tolerances of a policy: a direction's own where it has one, else the reactive policy's.</summary>
    public static HpaTolerances Of(ReactivePolicy reactive, BehaviorPolicy? behavior) =>
        new(behavior?.ScaleDown.Tolerance ?? reactive.Tolerance, behavior?.ScaleUp.Tolerance ?? reactive.Tolerance);

    /// <summary>Whether a ratio is close enough to 1 to be left alone; both bounds belong to the range. NaN is not.</summary>
    public bool Allow(double ratio) => 1.0 - Down <= ratio && ratio <= 1.0 + Up;
}
