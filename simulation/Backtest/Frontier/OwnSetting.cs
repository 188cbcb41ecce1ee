using ControlPlane.Core.Scaling;

namespace ControlPlane.Simulation.Backtest.Frontier;

/// <summary>One price of a violation on its way through a demand.</summary>
internal sealed class OwnSetting
{
    private readonly double _price;
    private readonly double _changeCost;
    private readonly FrontierService _service;
    private readonly IReadOnlyList<ReferenceRun> _references;
    private readonly ReadyWindow _ready;
    private readonly ReadyWindow _targets;
    private readonly ReadyWindow _planTargets;
    private readonly int _opened;
    private int _replicas;
    private double _credit;
    private int _plan;
    private double _planCredit;
    private long _planPods;
    private long _violations;
    private long _pods;
    private int _floorSteps;
    private bool _isSpent;

    public OwnSetting(double price, double changeCost, FrontierService service, IReadOnlyList<ReferenceRun> references)
    {
        (_price, _changeCost, _service, _references) = (price, changeCost, service, references);
        _ready = new ReadyWindow(service.StartupSteps + 1);
        _targets = new ReadyWindow(TrendGate.Window(service.StartupSteps));
        _planTargets = new ReadyWindow(TrendGate.Window(service.StartupSteps));
        // An account with several HPAs is opened when the score begins: which of them is meant is known only after a while.
        _opened = references.Count == 1 ? 0 : service.FirstScored;
        Totals = new int[service.Demand.Length];
        Totals[0] = _replicas = _plan = service.Initial;
    }

    /// <summary>Replicas from each step on.</summary>
    public int[] Totals { get; }

    /// <summary>Decides a step.</summary>
    /// <param name="t">The step.</param>
    /// <param name="table">What replicas cost; null without a forecast.</param>
    public void Decide(int t, PriceTable? table)
    {
        var isViolated = _service.Demand[t - 1] > _ready.Push(_replicas);
        if (t > _opened)
        {
            if (isViolated) _violations++;
            _pods += _replicas;
            _planPods += _plan;
        }

        var reference = Reference(t);
        if (table is not null) Predict(t, table, reference);
        else Follow(t, reference);
        Totals[t] = _replicas;
    }

    private void Predict(int t, PriceTable table, ReferenceRun reference)
    {
        var terms = t < _opened
            ? LedgerTerms.Free
            : LedgerTerms.Of(reference.Books(_opened, t, _violations, _pods), _floorSteps, _isSpent, reference.Totals[t], _service.StartupSteps);
        (_floorSteps, _isSpent) = (terms.FloorSteps, terms.IsSpent);
        (var gated, _credit) = Gate(table, _price * terms.PriceShare, terms, _targets, _replicas, _credit);
        _replicas = Limit(_replicas, gated);
        if (_references.Count > 1) (_plan, _planCredit) = Gate(table, _price, LedgerTerms.Free, _planTargets, _plan, _planCredit);
    }

    /// <summary>Without a forecast the HPA decides; without a demand nobody does.</summary>
    private void Follow(int t, ReferenceRun reference)
    {
        _targets.Clear();
        _planTargets.Clear();
        (_credit, _planCredit) = (0, 0);
        if (!double.IsNaN(_service.Demand[t - 1])) (_replicas, _plan) = (reference.Totals[t], reference.Totals[t]);
    }

    private (int Replicas, double Credit) Gate(PriceTable table, double price, LedgerTerms terms, ReadyWindow targets, int current, double credit)
    {
        var held = terms.Bound(-targets.Push(-terms.Bound(table.Cheapest(price))));
        var start = terms.Bound(current);
        return TrendGate.Step(start, held, start == current ? credit : 0, held == start ? 0 : table.Of(price, start) - table.Of(price, held), _changeCost);
    }

    /// <summary>The HPA's rate limit at its default: four pods or 100% in 15 s.</summary>
    private static int Limit(int current, int wanted) => (int)Math.Min(wanted, Math.Max(current + 4L, 2L * current));

    /// <summary>The thriftiest HPA that has cost at least as much as the plan.</summary>
    private ReferenceRun Reference(int t)
    {
        if (t <= _opened) return _references[_references.Count / 2];
        var i = 0;
        while (i < _references.Count - 1 && _references[i].Pods(_opened, t) < _planPods) i++;
        return _references[i];
    }
}
