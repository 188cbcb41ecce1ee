namespace ControlPlane.Core.Scaling;

/// <summary>
/// What a number of replicas n is expected to cost for a step: J(n) = n + λ · P(demand > n · capacity at the worst step until a pod ordered now is ready),
/// in pod-steps. λ is the price of a step in violation of a service of <see cref="UsualReplicas"/> pods; when more are at work, more demand is missed and the
/// price is higher.
/// </summary>
public readonly ref struct ReplicaPrices
{
    /// <summary>Share of the middle of the forecast below which no answer falls, however cheap violations are: giving up is no answer.</summary>
    public const double LeastShareOfMiddle = 0.8;

    /// <summary>Pods at work for which λ holds as it is.</summary>
    public const double UsualReplicas = 15;

    private const double SizePower = 0.3;
    private const double LeastReplicas = 0.5;
    private readonly RiskCurve _curve;
    private readonly double _capacity;
    private readonly double _violationCost;

    /// <summary>Prices under a forecast.</summary>
    /// <param name="curve">What the demand may be.</param>
    /// <param name="capacity">Requests per second of one replica, above 0.</param>
    /// <param name="violationCost">λ, pod-steps.</param>
    public ReplicaPrices(RiskCurve curve, double capacity, double violationCost)
    {
        _curve = curve;
        _capacity = capacity;
        _violationCost = violationCost * Scale(curve, capacity);
    }

    /// <summary>How much dearer a violation is than at the usual size.</summary>
    public static double Scale(RiskCurve curve, double capacity) => Scale(curve.Middle / capacity);

    /// <summary>How much dearer a violation is than at the usual size.</summary>
    /// <param name="pods">Pods at work.</param>
    public static double Scale(double pods) => Math.Pow(Math.Max(pods, LeastReplicas) / UsualReplicas, SizePower);

    /// <summary>Expected cost of keeping n replicas, pod-steps.</summary>
    public double Of(int replicas) => replicas + _violationCost * _curve.Above(replicas * _capacity);

    /// <summary>Replicas of the least cost within bounds.</summary>
    /// <param name="min">Fewest replicas.</param>
    /// <param name="max">Most replicas.</param>
    public int Cheapest(int min, int max)
    {
        var best = max;
        var bestCost = double.PositiveInfinity;
        var first = First(_curve, _capacity, min, max);
        var risks = _curve.From(first, _capacity);
        for (var n = first; n <= max && n < bestCost; n++)
        {
            var cost = n + _violationCost * risks.Next();
            if (cost >= bestCost) continue;
            (best, bestCost) = (n, cost);
        }
        return best;
    }

    /// <summary>Fewest replicas that are considered.</summary>
    public static int First(RiskCurve curve, double capacity, int min, int max) =>
        (int)Math.Clamp(Math.Ceiling(LeastShareOfMiddle * curve.Middle / capacity), min, max);
}
