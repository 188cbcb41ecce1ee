using System.Collections.Immutable;
using ControlPlane.Core.Scaling;

namespace ControlPlane.Simulation.Backtest.Frontier;

/// <summary>
/// Our own method against the HPA at the same target, whose account it answers to, with forecasts as they are and with useless ones. One forecaster serves
/// all runs.
/// </summary>
/// <param name="service">The service.</param>
/// <param name="targets">Targets of the HPAs.</param>
/// <param name="price">Price of a violation, pod-steps.</param>
internal sealed class NoRegretRun(FrontierService service, IReadOnlyList<double> targets, double price)
{
    private const ulong NoiseSeed = 3;

    /// <summary>The accounts of every run, over the whole of it: what was saved at first may be spent later.</summary>
    public IEnumerable<(double Target, string Forecasts, LedgerBooks Books)> Run(CancellationToken cancellationToken)
    {
        ReferenceRun[] hpas = [.. targets.Select(target => new ReferenceRun(service, FastHpa.Run(service, HpaSetting.Default(HpaMetric.Utilization, target))))];
        Course[] courses = [.. ForecastFault.All(NoiseSeed).Select(fault => new Course(fault, [.. hpas.Select(hpa => new OwnSetting(price, TrendGate.UsualCost, service, [hpa]))], service.StartupSteps + 1))];
        var changed = new float[ForecastWalk.Cells(service)];
        ForecastWalk.Run(service, (t, isReady, rows) =>
        {
            foreach (var course in courses)
            {
                rows.CopyTo(changed.AsSpan());
                course.Step(t, isReady && course.Fault.Apply((double)t / service.Demand.Length, ForecastWalk.Levels.Length, changed), changed);
            }
        }, cancellationToken);
        foreach (var course in courses)
            for (var i = 0; i < hpas.Length; i++)
                yield return (targets[i], course.Fault.Name, Books(hpas[i], course.Settings[i].Totals));
    }

    private LedgerBooks Books(ReferenceRun hpa, int[] totals)
    {
        var own = new ReferenceRun(service, totals).Books(0, totals.Length, 0, 0);
        return hpa.Books(0, totals.Length, own.HpaViolations, own.HpaPods);
    }

    /// <summary>One way of forecasting, with its decisions for each target.</summary>
    private sealed class Course(ForecastFault fault, ImmutableArray<OwnSetting> settings, int rows)
    {
        private readonly PriceTable _table = new(rows);

        public ForecastFault Fault => fault;

        public ImmutableArray<OwnSetting> Settings => settings;

        public void Step(int t, bool isReady, ReadOnlySpan<float> values)
        {
            if (isReady) _table.Fill(values);
            foreach (var setting in settings) setting.Decide(t, isReady ? _table : null);
        }
    }
}
