namespace ControlPlane.Simulation.Backtest.Frontier;

/// <summary>Knows the future: the greatest need from now until a pod ordered now is ready. No method without violations asks for less.</summary>
internal static class Clairvoyant
{
    public static int[] Run(FrontierService service)
    {
        var demand = service.Demand;
        var totals = new int[demand.Length];
        var latest = new ReadyWindow(service.StartupSteps + 1);
        for (var t = demand.Length - 1; t >= 0; t--) totals[t] = -latest.Push(-FrontierService.Need(demand[t]));
        return totals;
    }
}
