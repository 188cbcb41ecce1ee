using ControlPlane.Core.Forecasting;
using ControlPlane.Core.Metrics;
using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling;

namespace ControlPlane.Core.Learning;

/// <summary>One step as every course of an adviser sees it: nothing in it depends on the replicas of a course.</summary>
internal readonly ref struct AdviserScene
{
    private AdviserScene(DecisionInput input, Ledger ledger, double? capacity, int lead, PolicyBounds bounds, bool isPredicted, RiskCurve curve)
    {
        (Input, Ledger, Capacity, Lead, Bounds, IsPredicted) = (input, ledger, capacity, lead, bounds, isPredicted);
        Curve = curve;
    }

    public DecisionInput Input { get; }

    public Observation Observation => Input.Observation;

    public PolicyDocument Policy => Input.Policy;

    /// <summary>The virtual HPA and the accounts of the real decisions.</summary>
    public Ledger Ledger { get; }

    /// <summary>Requests per second of one replica; null when unknown.</summary>
    public double? Capacity { get; }

    /// <summary>Steps of a start-up.</summary>
    public int Lead { get; }

    public PolicyBounds Bounds { get; }

    /// <summary>Whether the forecast counts; otherwise the HPA's answer holds and <see cref="Curve"/> is empty.</summary>
    public bool IsPredicted { get; }

    public RiskCurve Curve { get; }

    /// <summary>Usual pods of the HPA, at least one: the unit of what is saved.</summary>
    public double UsualPods => Ledger.Books.Steps > 0 ? Math.Max(1, (double)Ledger.Books.HpaPods / Ledger.Books.Steps) : 1;

    /// <param name="input">What is decided.</param>
    /// <param name="ledger">The account.</param>
    /// <param name="saturation">Learnt requests per second of one replica at full utilization.</param>
    /// <param name="isUsable">Whether the pipeline goes by the forecast.</param>
    /// <param name="room">Room for the forecast's <see cref="RiskCurve"/>; overwritten.</param>
    public static AdviserScene Of(DecisionInput input, Ledger ledger, double? saturation, bool isUsable, Span<float> room)
    {
        var lead = DecisionPipeline.LeadSteps(input.Observation, input.Policy);
        var isPredicted = isUsable && input.Forecast is { Status: ForecastStatus.Ready, Coverage: not < Trust.MinCoverage };
        var curve = isPredicted ? RiskCurve.Of(input.Forecast!, 1, lead + 1, room) : default;
        return new(input, ledger, CapacityModel.PerReplica(saturation, input.Policy), lead, PolicyBounds.At(input.Policy, input.Observation.Time), isPredicted, curve);
    }
}
