using ControlPlane.Cli.Demo;
using ControlPlane.Core;
using ControlPlane.Core.Scaling;
using ControlPlane.GrainInterfaces;
using ControlPlane.Simulation.Backtest;

namespace ControlPlane.Grains.Tests;

/// <summary>The grains in virtual time against the plain loop of the backtest.</summary>
public sealed class TwinTests
{
    private const int Steps = 6 * 240;

    [Fact]
    public void Run_GrainsOverTheKubernetesApi_DecideAsTheBacktestDoes()
    {
        var services = Services();
        var fromGrains = services.ToDictionary(s => s.Name, _ => new List<string>());
        new VirtualTwin(services, 1).Run(1, Steps, async (context, _) =>
        {
            foreach (var service in services)
            {
                var records = await context.GrainFactory.GetGrain<IDecisionGrain>(service.Id.ToString()).GetRecords(1);
                fromGrains[service.Name].Add(Text(records[0].Decision));
            }
        });

        foreach (var service in services)
        {
            var fromLoop = new List<string>();
            var policy = service.Policy with { Version = 1, Scope = service.Id.ToString() };
            var method = new ControlPlaneMethod(policy, service.Id);
            new BacktestRunner(TimeProvider.System).RunMethod(_ => method, DemoScenario.Start, service.Load, service.Backtest(1), record => fromLoop.Add(Text(record.Decision)));
            Assert.Equal(fromLoop, fromGrains[service.Name]);
            Assert.Contains(fromLoop, text => text.Contains("ScaleUp", StringComparison.Ordinal));
            Assert.Contains(fromLoop, text => text.Contains("lead-time", StringComparison.Ordinal));
        }
    }

    internal static IReadOnlyList<DemoService> Services() => DemoScenario.Load(Path.Combine(AppContext.BaseDirectory, "samples", "traces"), TimeSpan.FromSeconds(15 * Steps), 1);

    private static string Text(ScalingDecision decision) => System.Text.Encoding.UTF8.GetString(CoreJson.ToBytes(decision));
}
