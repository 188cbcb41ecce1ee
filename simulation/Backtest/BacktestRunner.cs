using ControlPlane.Core.Scaling;
using ControlPlane.Simulation.Services;
using ControlPlane.Simulation.Traces;

namespace ControlPlane.Simulation.Backtest;

/// <summary>Runs methods beside each other, each over a simulated service of its own under the same load.</summary>
/// <param name="time">Measures how long a run takes.</param>
public sealed class BacktestRunner(TimeProvider time)
{
    private const int ProgressEvery = 4096;

    /// <summary>Runs our own method and the baselines.</summary>
    /// <param name="trace">Name of the trace in the report.</param>
    /// <param name="start">Time of the first tick's start, UTC, on the step grid.</param>
    /// <param name="load">The demand.</param>
    /// <param name="options">Policy, service, seed and baselines.</param>
    /// <param name="onRecord">Gets the record of each of our own decisions; null when nobody wants them.</param>
    /// <param name="progress">Gets the share done, a fraction.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <exception cref="ArgumentException">A baseline is unknown, or profile, load and policy do not fit.</exception>
    public BacktestReport Run(
        string trace, DateTimeOffset start, LoadSeries load, BacktestOptions options, Action<DecisionRecord>? onRecord = null,
        IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        string[] methods = [BacktestOptions.Own, .. options.Against.Where(m => m != BacktestOptions.Own).Distinct()];
        var shares = new double[methods.Length];
        var reports = new MethodReport[methods.Length];
        Parallel.For(0, methods.Length, new ParallelOptions { CancellationToken = cancellationToken }, i =>
        {
            void Report(double share)
            {
                shares[i] = share;
                progress?.Report(shares.Average());
            }

            var run = RunMethod(service => ScalingMethods.Make(methods[i], options, service), start, load, options, i == 0 ? onRecord : null, Report, cancellationToken);
            reports[i] = run.Report;
        });
        return new BacktestReport { Trace = trace, Seed = options.Seed, StepSeconds = load.Step.TotalSeconds, Policy = options.Policy, Methods = reports };
    }

    /// <summary>Runs one method over the whole load.</summary>
    public MethodRun RunMethod(
        Func<SimulatedService, IScalingMethod> make, DateTimeOffset start, LoadSeries load, BacktestOptions options, Action<DecisionRecord>? onRecord = null, Action<double>? progress = null,
        CancellationToken cancellationToken = default)
    {
        var began = time.GetTimestamp();
        var service = new SimulatedService(options.Profile, load, options.Seed, start, InitialReplicas(options, load));
        var method = make(service);
        for (var tick = 0; tick < load.Length; tick++)
        {
            service.AdvanceTo(service.Time + load.Step);
            if (method.Decide(service) is { } replicas) service.Scale(replicas);
            if (onRecord is not null && method.Record is { } record) onRecord(record);
            if (tick % ProgressEvery != 0) continue;
            cancellationToken.ThrowIfCancellationRequested();
            progress?.Invoke((double)tick / load.Length);
        }
        return new MethodRun(MethodReport.From(method.Name, service.Outcome, time.GetElapsedTime(began)), service.Outcome);
    }

    /// <summary>Replicas that the first tick needs; every method starts with them.</summary>
    public static int InitialReplicas(BacktestOptions options, LoadSeries load)
    {
        var probe = new SimulatedService(options.Profile, load, options.Seed, DateTimeOffset.UnixEpoch, 1);
        return Math.Clamp(probe.RequiredReplicas(load.DemandAt(0)), options.Policy.MinReplicas, options.Policy.MaxReplicas);
    }
}
