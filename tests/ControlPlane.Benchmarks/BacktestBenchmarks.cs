using BenchmarkDotNet.Attributes;
using ControlPlane.Core.Policies;
using ControlPlane.Simulation.Backtest;
using ControlPlane.Simulation.Services;
using ControlPlane.Simulation.Traces;

namespace ControlPlane.Benchmarks;

/// <summary>28 days of one service at 15 s steps (161,280 ticks): our method against the exact HPA; a run is one operation.</summary>
// In this process, so that it runs from any folder without building a project of its own.
[InProcess]
[WarmupCount(2)]
[IterationCount(5)]
[MemoryDiagnoser]
public class BacktestBenchmarks
{
    private const int Days = 28;
    private const int MinutesPerDay = 1440;
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    private readonly BacktestRunner _runner = new(TimeProvider.System);
    private LoadSeries _load = null!;
    private BacktestOptions _options = null!;

    [GlobalSetup]
    public void Prepare()
    {
        _load = Load(scale: 1);
        _load = Load(ServiceSizing.Scale(_load));
        var profile = ServiceSizing.Profile(new PolicyDocument(), StartupTime.Constant(TimeSpan.FromSeconds(60)));
        _options = new BacktestOptions { Policy = ServiceSizing.DefaultPolicy(_load, profile), Profile = profile };
    }

    [Benchmark(Baseline = true)]
    public MethodReport Hpa() => Run("hpa");

    [Benchmark]
    public MethodReport ControlPlane() => Run(BacktestOptions.Own);

    /// <summary>A day that is busy in the afternoon, a quiet weekend, and a seeded tenth of noise from minute to minute.</summary>
    private static LoadSeries Load(double scale)
    {
        var random = new Random(1);
        var minutes = Enumerable.Range(0, Days * MinutesPerDay).Select(minute =>
        {
            var day = 1 - Math.Cos(2 * Math.PI * minute / MinutesPerDay);
            var week = minute / MinutesPerDay % 7 < 5 ? 1 : 0.5;
            return (double?)(100 * (0.2 + day * week) * (0.95 + 0.1 * random.NextDouble()));
        });
        return LoadSeries.FromTrace(new Trace("synthetic", Start, TimeSpan.FromMinutes(1), minutes), new LoadOptions { Scale = scale });
    }

    private MethodReport Run(string method) => _runner.RunMethod(service => ScalingMethods.Make(method, _options, service), Start, _load, _options).Report;
}
