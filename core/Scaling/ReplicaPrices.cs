namespace ControlPlane.Core.Scaling;

/// <summary>
/// What a number of replicas n is expected to cost for a step: J(n) = n + λ · E[severity] at the worst step until a pod ordered now is ready, in pod-steps.
/// λ is the price of a step in which the demand is a tenth above what <see cref="UsualReplicas"/> pods serve; when more are at work, more demand is missed
/// and the price is higher. The severity of a step is 0 where the pods suffice, and grows with the share that is missed.
/// </summary>
public readonly ref struct ReplicaPrices
{
    /// <summary>Share of the middle of the forecast below which no answer falls, however cheap violations are: giving up is no answer.</summary>
    public const double LeastShareOfMiddle = 0.8;

    /// <summary>Pods at work for which λ holds as it is.</summary>
    public const double UsualReplicas = 15;

    /// <summary>Severity of a step that just fails.</summary>
    private const double LeastSeverity = 0.7;

    /// <summary>By how much it gets worse per share of what is served that is missed on top.</summary>
    private const double SeverityPerShare = 3;

    /// <summary>Share from which on it gets no worse.</summary>
    private const double WorstShare = 0.25;

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

    /// <summary>How bad a step is: 0 where all is served, 0.7 where that just fails, 1 where a tenth more would be needed, at most 1.45.</summary>
    /// <param name="demand">Demand.</param>
    /// <param name="served">What can be served, in the same unit.</param>
    public static double Severity(double demand, double served) =>
        demand > served ? LeastSeverity + SeverityPerShare * Math.Min(WorstShare, (demand - served) / served) : 0;

    /// <summary>The expected severity of a step for which some demand can be served.</summary>
    /// <param name="curve">What the demand may be.</param>
    /// <param name="served">What can be served.</param>
    public static double Severity(RiskCurve curve, double served) =>
        Severity(curve.Above(served), curve.Excess(served), curve.Excess((1 + WorstShare) * served), served);

    /// <summary>The expected severities of rising numbers of replicas, which is cheaper than asking for each.</summary>
    /// <param name="curve">What the demand may be.</param>
    /// <param name="first">The first number.</param>
    /// <param name="capacity">Demand that one replica serves.</param>
    public static Severities From(RiskCurve curve, int first, double capacity) => new(curve, first, capacity);

    /// <summary>Expected cost of keeping n replicas, pod-steps.</summary>
    public double Of(int replicas) => replicas + _violationCost * Severity(_curve, replicas * _capacity);

    /// <summary>Replicas of the least cost within bounds.</summary>
    /// <param name="min">Fewest replicas.</param>
    /// <param name="max">Most replicas.</param>
    public int Cheapest(int min, int max)
    {
        var best = max;
        var bestCost = double.PositiveInfinity;
        var first = First(_curve, _capacity, min, max);
        var severities = From(_curve, first, _capacity);
        for (var n = first; n <= max && n < bestCost; n++)
        {
            var cost = n + _violationCost * severities.Next();
            if (cost >= bestCost) continue;
            (best, bestCost) = (n, cost);
        }
        return best;
    }

    /// <summary>Fewest replicas that are considered.</summary>
    public static int First(RiskCurve curve, double capacity, int min, int max) =>
        (int)Math.Clamp(Math.Ceiling(LeastShareOfMiddle * curve.Middle / capacity), min, max);

    private static double Severity(double risk, double excess, double worstExcess, double served) =>
        served > 0 ? LeastSeverity * risk + SeverityPerShare * (excess - worstExcess) / served : (LeastSeverity + SeverityPerShare * WorstShare) * risk;

    /// <summary>Goes up from one number of replicas to the next.</summary>
    public ref struct Severities
    {
        private readonly double _capacity;
        private RiskCurve.Walk _risks;
        private RiskCurve.Walk _worst;
        private int _next;

        internal Severities(RiskCurve curve, int first, double capacity)
        {
            (_next, _capacity) = (first, capacity);
            _risks = curve.From(first, capacity);
            _worst = curve.From(first, (1 + WorstShare) * capacity);
        }

        /// <summary>The expected severity with the next number of replicas.</summary>
        public double Next()
        {
            var risk = _risks.Next();
            _worst.Next();
            return Severity(risk, _risks.Excess, _worst.Excess, _next++ * _capacity);
        }
    }
}
