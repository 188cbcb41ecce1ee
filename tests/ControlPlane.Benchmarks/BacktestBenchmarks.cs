using BenchmarkDotNet.Attributes;
using ControlPlane.Core.Forecasting.Models;
using ControlPlane.Core.Policies;
using ControlPlane.Simulation.Backtest;
using ControlPlane.Simulation.Services;
using ControlPlane.Simulation.Traces;

namespace ControlPlane.Benchmarks;

/// <summary>30 days of one service at 15 s steps (172,800 ticks): our method against the exact HPA, and the simulated service that all read; a run is one operation.</summary>
// In this process, so that it runs from any folder without building a project of its own.
[InProcess]
[WarmupCount(2)]
[IterationCount(5)]
[MemoryDiagnoser]
public class BacktestBenchmarks
{
    private const int Days = 30;
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
    public MethodReport Hpa() => Run(service => ScalingMethods.Make("hpa", _options, service));

    [Benchmark]
    public MethodReport ControlPlane() => Run(service => ScalingMethods.Make(BacktestOptions.Own, _options, service));

    /// <summary>Decides from the ensemble, as at steps of a minute and more.</summary>
    [Benchmark]
    public MethodReport ControlPlaneWithEnsemble()
    {
        var catalog = ForecasterCatalog.OfProgram();
        return Run(_ => new ControlPlaneMethod(_options.Policy, model: catalog.Create(catalog.BuiltIns[0], null, _load.Step)));
    }

    /// <summary>What of both is the simulated service: its ticks and the readings of its pods.</summary>
    [Benchmark]
    public int Service()
    {
        var service = new SimulatedService(_options.Profile, _load, _options.Seed, Start, BacktestRunner.InitialReplicas(_options, _load)) { TellsPodMemory = false };
        var samples = 0;
        for (var tick = 0; tick < _load.Length; tick++)
        {
            service.AdvanceTo(service.Time + _load.Step);
            service.Scale(service.RequiredReplicas(_load.DemandAt(tick)));
            samples += service.Read().Samples.Length;
        }

        return samples;
    }

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

    private MethodReport Run(Func<SimulatedService, IScalingMethod> make) => _runner.RunMethod(make, Start, _load, _options).Report;
}
