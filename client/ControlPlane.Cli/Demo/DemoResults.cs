using ControlPlane.Simulation.Backtest;
using ControlPlane.Simulation.Cluster;
using ControlPlane.Simulation.Services;

namespace ControlPlane.Cli.Demo;

/// <summary>How one method fared on one service of the demo.</summary>
internal sealed record DemoResult(string Service, string Method, ServiceOutcome Outcome);

/// <summary>Compares what the grains did with what the HPA does on the same service under the same load.</summary>
internal static class DemoResults
{
    public static IReadOnlyList<DemoResult> Compare(IReadOnlyList<DemoService> services, SimulatedCluster cluster, ulong seed)
    {
        var results = new List<DemoResult>();
        foreach (var service in services)
        {
            var ours = cluster.Outcome(DemoService.Namespace, service.Name);
            if (ours.Ticks == 0) continue;
            var load = service.Load.First((int)Math.Min(ours.Ticks, service.Load.Length));
            var hpa = new BacktestRunner(TimeProvider.System).RunMethod(_ => new HpaMethod(service.Policy), DemoScenario.Start, load, service.Backtest(seed));
            results.Add(new DemoResult(service.Name, BacktestOptions.Own, ours));
            results.Add(new DemoResult(service.Name, hpa.Report.Name, hpa.Outcome));
        }
        return results;
    }
}
