using ControlPlane.Core.Forecasting.Models;
using ControlPlane.Core.Learning;
using ControlPlane.Core.Scaling;
using ControlPlane.Simulation.Backtest;

namespace ControlPlane.Simulation.Learning;

/// <summary>
/// Trains advisers in the simulator: each case is run once without an adviser while courses beside it try random moves; advisers learn from what followed. Each trace
/// is then run with an adviser that was trained on all others, and the savings on those decide whether the one that was trained on all is released.
/// </summary>
/// <param name="time">Measures how long a run takes.</param>
public sealed class AdviserTrainer(TimeProvider time)
{
    private const ulong CaseSeed = 7919;

    /// <summary>Trains and judges.</summary>
    /// <param name="cases">The demands; those of one trace name are left out together. At least two names.</param>
    /// <param name="options">How.</param>
    /// <param name="progress">Gets the share done, a fraction.</param>
    /// <param name="cancellationToken">Ends the training.</param>
    /// <exception cref="ArgumentException">There are fewer than two traces, or nothing to learn from.</exception>
    public AdviserTrainingResult Train(IReadOnlyList<BacktestCase> cases, AdviserTrainingOptions options, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        string[] names = [.. cases.Select(c => c.Trace).Distinct()];
        if (names.Length < 2) throw new ArgumentException("At least two traces are needed: each is left out once.", nameof(cases));
        var work = new Work(progress, cases.Count, names.Length + 1);
        var explored = Each(cases, (one, i) => Explore(one, options, (ulong)i, work, cancellationToken), cancellationToken);
        var advisers = Each([.. names.Append(null)], (left, _) => Learn(cases, explored, left, options, work, cancellationToken), cancellationToken);
        var rows = Each(cases, (one, i) => Judge(one, explored[i], advisers[Array.IndexOf(names, one.Trace)], work, cancellationToken), cancellationToken);

        var savings = names.Select(name => rows.Where(row => row.Trace == name).Average(row => row.Account.SavedShare)).ToArray();
        var test = DieboldMariano.Corrected(savings, 1);
        var isReleased = names.Length >= AdviserTrainingOptions.FewestTraces && test.Mean > 0 && test.PValue < AdviserTrainingOptions.FalseRelease;
        NamedValue[] scores = [new("savedShare", test.Mean), new("pValue", test.PValue), new("traces", names.Length), new("worstSavedShare", savings.Min())];
        var artifact = advisers[^1].With(isReleased).ToArtifact(Window(cases), [.. scores]);
        return new AdviserTrainingResult(artifact, isReleased, test.PValue, rows);
    }

    private Explored Explore(BacktestCase one, AdviserTrainingOptions options, ulong index, Work work, CancellationToken cancellationToken)
    {
        var (explorer, meter) = (new AdviserExplorer(options.Courses, options.Learning.Seed + CaseSeed * (index + 1)), new CostMeter());
        DecisionRecord? last = null;
        void Follow(DecisionRecord record)
        {
            meter.Add(record);
            if (last is not null) explorer.Follow(last.Before, last.Input, record.Before);
            last = record;
        }

        var run = Run(one, null, Follow, work.Part(Work.Exploring), cancellationToken);
        return new Explored(explorer.Experience, meter.Cost, run);
    }

    private static AdviserModel Learn(
        IReadOnlyList<BacktestCase> cases, Explored[] explored, string? leftOut, AdviserTrainingOptions options, Work work, CancellationToken cancellationToken)
    {
        var experience = new Experience(explored[0].Experience.Features);
        for (var i = 0; i < cases.Count; i++)
            if (cases[i].Trace != leftOut) experience.Add(explored[i].Experience);
        return AdviserTraining.Learn(options.Id, experience, options.Learning, new DirectProgress(work.Part(Work.Learning)), cancellationToken);
    }

    private HeldOutRow Judge(BacktestCase one, Explored without, AdviserModel adviser, Work work, CancellationToken cancellationToken)
    {
        var meter = new CostMeter();
        var artifact = adviser.With(isReleased: true).ToArtifact(null, []);
        var run = Run(one, artifact, meter.Add, work.Part(Work.Judging), cancellationToken);
        return new HeldOutRow(one.Trace, without.Cost, meter.Cost, without.Run, run, meter.Before.Adviser?.Trial ?? AdviserTrial.Empty, (double)meter.Acted / Math.Max(1, meter.Steps));
    }

    private MethodReport Run(BacktestCase one, ModelArtifact? adviser, Action<DecisionRecord> onRecord, Action<double> progress, CancellationToken cancellationToken)
    {
        var options = one.Options with { Adviser = adviser };
        var run = new BacktestRunner(time).RunMethod(service => ScalingMethods.Make(BacktestOptions.Own, options, service), one.Start, one.Load, options, onRecord, progress, cancellationToken);
        progress(1);
        return run.Report;
    }

    private static TrainingWindow Window(IReadOnlyList<BacktestCase> cases) => new()
    {
        From = cases.Min(c => c.Start).ToUniversalTime(),
        To = cases.Max(c => c.Start + c.Load.Duration).ToUniversalTime(),
        Step = cases[0].Load.Step,
        Series = cases.Count,
    };

    /// <summary>Every item's result in the order of the items, as many at once as there are processors.</summary>
    private static TResult[] Each<T, TResult>(IReadOnlyList<T> items, Func<T, int, TResult> make, CancellationToken cancellationToken)
    {
        var results = new TResult[items.Count];
        Parallel.For(0, items.Count, new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount }, i => results[i] = make(items[i], i));
        return results;
    }

    private sealed record Explored(Experience Experience, double Cost, MethodReport Run);

    private sealed class DirectProgress(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }

    /// <summary>Turns the shares of many parts into one.</summary>
    private sealed class Work(IProgress<double>? progress, int cases, int advisers)
    {
        public const int Exploring = 0;
        public const int Learning = 1;
        public const int Judging = 2;
        private static readonly double[] Weights = [0.5, 0.15, 0.35];
        private readonly Lock _lock = new();
        private double _done;

        public Action<double> Part(int stage)
        {
            var weight = Weights[stage] / (stage == Learning ? advisers : cases);
            var before = 0.0;
            return share =>
            {
                double done;
                lock (_lock) (done, before) = (_done += weight * (share - before), share);
                progress?.Report(done);
            };
        }
    }
}
