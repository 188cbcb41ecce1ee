using ControlPlane.Core.Scaling;

namespace ControlPlane.Simulation.Backtest.Frontier;

/// <summary>The expected severity of every number of pods at one step, for all prices of a violation. Demand is in pods.</summary>
/// <param name="rows">Rows of a forecast that count.</param>
internal sealed class PriceTable(int rows)
{
    /// <summary>More pods than any price buys on the traces that are measured.</summary>
    public const int MostReplicas = 100_000;

    private const double Negligible = 1e-8;
    private readonly float[] _worst = new float[RiskCurve.Room(ForecastWalk.Levels.Length)];
    private double[] _severities = new double[256];
    private double[] _asked = new double[256];
    private int[] _askedAt = new int[256];
    private int _filled;
    private int _first;
    private int _count;
    private double _scale = 1;

    public void Fill(ReadOnlySpan<float> values)
    {
        var curve = RiskCurve.Of(ForecastWalk.Levels, values, 1, rows, _worst);
        _first = ReplicaPrices.First(curve, 1, 1, MostReplicas);
        _scale = ReplicaPrices.Scale(curve, 1);
        _count = 0;
        _filled++;
        var severities = ReplicaPrices.From(curve, _first, 1);
        do
        {
            if (_count == _severities.Length) Array.Resize(ref _severities, 2 * _count);
            _severities[_count] = severities.Next();
        }
        while (_severities[_count++] > Negligible && _first + _count <= MostReplicas);
    }

    /// <summary>Cheapest replicas.</summary>
    /// <param name="price">Price of a violation.</param>
    public int Cheapest(double price)
    {
        var violationCost = price * _scale;
        var (best, bestCost) = (0, double.PositiveInfinity);
        for (var i = 0; i < _count && _first + i < bestCost; i++)
        {
            var cost = _first + i + violationCost * _severities[i];
            if (cost >= bestCost) continue;
            (best, bestCost) = (i, cost);
        }

        return _first + best;
    }

    /// <summary>What replicas are expected to cost.</summary>
    public double Of(double price, int replicas) => replicas + price * _scale * Severity(replicas);

    /// <summary>The exact one, computed once a step for all prices: walks up the curve differ from it in the last bits.</summary>
    private double Severity(int replicas)
    {
        if (replicas >= _asked.Length)
        {
            Array.Resize(ref _asked, 2 * replicas);
            Array.Resize(ref _askedAt, 2 * replicas);
        }

        if (_askedAt[replicas] == _filled) return _asked[replicas];
        _askedAt[replicas] = _filled;
        return _asked[replicas] = ReplicaPrices.Severity(RiskCurve.In(ForecastWalk.Levels, _worst), replicas);
    }
}
