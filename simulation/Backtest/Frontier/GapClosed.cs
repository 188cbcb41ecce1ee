namespace ControlPlane.Simulation.Backtest.Frontier;

/// <summary>
/// How much of the distance from an HPA's pod-hours to the oracle's a family of settings closes at no more violations, averaged over the HPA's settings
/// with violations above 0 and below 5%.
/// </summary>
internal static class GapClosed
{
    private const double MostViolations = 0.05;
    private const double Slack = 1.02;
    private const int LeastPoints = 3;

    /// <summary>The share by violated time; null with fewer than three such settings.</summary>
    public static double? ByTime(IReadOnlyList<FrontierOutcome> hpa, IReadOnlyList<FrontierOutcome> family, FrontierOutcome oracle, int startupSteps) =>
        Of(hpa, family, oracle, o => o.UnderProvisionedTimeShare, o => (startupSteps + 1.0) / Math.Max(1, o.Steps));

    /// <summary>The share by unserved demand.</summary>
    public static double? ByDemand(IReadOnlyList<FrontierOutcome> hpa, IReadOnlyList<FrontierOutcome> family, FrontierOutcome oracle) =>
        Of(hpa, family, oracle, o => o.UnservedDemandShare, _ => 0);

    /// <summary>Least violations of a family at no more pod-hours than one setting has, divided by that setting's; null without any to divide by.</summary>
    public static double? ViolationsAtPodHours(FrontierOutcome hpa, IReadOnlyList<FrontierOutcome> family)
    {
        var least = family.Where(o => o.PodHours <= hpa.PodHours).Select(o => (double?)o.UnderProvisionedTimeShare).Min();
        return hpa.UnderProvisionedTimeShare > 0 ? least / hpa.UnderProvisionedTimeShare : null;
    }

    private static double? Of(
        IReadOnlyList<FrontierOutcome> hpa, IReadOnlyList<FrontierOutcome> family, FrontierOutcome oracle, Func<FrontierOutcome, double> violations, Func<FrontierOutcome, double> crumb)
    {
        var shares = new List<double>();
        foreach (var point in hpa)
        {
            var bar = violations(point);
            if (bar is <= 0 or >= MostViolations) continue;
            bar = Slack * bar + crumb(point);
            var least = family.Where(o => violations(o) <= bar).Select(o => (double?)o.PodHours).Min();
            // A family that never violates so little closes nothing.
            shares.Add(least is { } podHours ? (point.PodHours - podHours) / (point.PodHours - oracle.PodHours) : 0);
        }

        return shares.Count < LeastPoints ? null : shares.Average();
    }
}
