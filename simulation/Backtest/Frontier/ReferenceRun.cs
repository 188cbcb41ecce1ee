using ControlPlane.Core.Scaling;

namespace ControlPlane.Simulation.Backtest.Frontier;

/// <summary>An HPA's run as the ledger sees it: its replicas, and its violations and pods up to each step.</summary>
internal sealed class ReferenceRun
{
    private readonly int[] _violations;
    private readonly long[] _pods;

    /// <param name="service">The service.</param>
    /// <param name="totals">The HPA's replicas.</param>
    public ReferenceRun(FrontierService service, int[] totals)
    {
        Totals = totals;
        (_violations, _pods) = (new int[totals.Length + 1], new long[totals.Length + 1]);
        var ready = new ReadyWindow(service.StartupSteps + 1);
        for (var t = 0; t < totals.Length; t++)
        {
            _violations[t + 1] = _violations[t] + (service.Demand[t] > ready.Push(totals[t]) ? 1 : 0);
            _pods[t + 1] = _pods[t] + totals[t];
        }
    }

    /// <summary>Its replicas.</summary>
    public int[] Totals { get; }

    /// <summary>Its pod-steps from one step to before another.</summary>
    public long Pods(int opened, int step) => _pods[step] - _pods[opened];

    /// <summary>Both accounts, opened at one step, before another.</summary>
    public LedgerBooks Books(int opened, int step, long ownViolations, long ownPods) =>
        new(ownViolations, _violations[step] - _violations[opened], ownPods, _pods[step] - _pods[opened], step - opened);
}
