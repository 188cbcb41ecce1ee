using ControlPlane.Core.Forecasting.Neural;
using ControlPlane.Core.Metrics;

namespace ControlPlane.Core.Forecasting.Network;

/// <summary>Examples from many traces: runs from cold starts at random places, of a day and a half to nine days, at the trace's step and longer ones.</summary>
internal static class TrainingSet
{
    private static readonly double[] RunDays = [1.25, 1.25, 2.5, 9];
    private static readonly TimeSpan[] Steps = [TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(5)];

    /// <returns>Rows to learn from, and rows of other runs to validate on.</returns>
    public static (TrainingRows Learn, TrainingRows Validate) Make(IReadOnlyList<TrainingTrace> traces, NetworkTrainingOptions options, CancellationToken token)
    {
        var kept = (int)(options.MostExamples * options.ValidationShare);
        var (learn, validate) = (new TrainingRows(options.MostExamples - kept), new TrainingRows(kept));
        var random = new SeededNoise(options.Seed);
        var runs = traces.Count * options.RunsPerTrace;
        var origins = Math.Max(30, (int)(1.1 * options.MostExamples / Math.Max(1, runs) / 3));
        for (var run = 0; run < runs; run++)
        {
            token.ThrowIfCancellationRequested();
            var (values, first, step) = Draw(traces, traces[run % traces.Count], random);
            if (values.Length == 0) continue;
            if (random.NextDouble() < 0.5) TraceVariation.Apply(values, Draw(traces, traces[random.NextInt(traces.Count)], random, step).Values, random);
            TrainingRun.Collect(values, first, step, origins, random, Validates(run, options.ValidationShare) ? validate : learn);
        }

        return (learn, validate);
    }

    /// <summary>Whether a run is one of the share that is kept aside, evenly spread.</summary>
    private static bool Validates(int run, double share) => Math.Floor((run + 1) * share) > Math.Floor(run * share);

    /// <summary>A stretch of a trace at one of the steps that it can be seen at.</summary>
    private static (double[] Values, long First, TimeSpan Step) Draw(
        IReadOnlyList<TrainingTrace> traces, TrainingTrace trace, SeededNoise random, TimeSpan? wanted = null)
    {
        var step = wanted ?? Steps[random.NextInt(Steps.Length)];
        var days = RunDays[random.NextInt(RunDays.Length)];
        if (step < trace.Step && wanted is null) step = trace.Step;
        if (step < TimeSpan.FromMinutes(1)) days = Math.Min(days, 2.5);
        var factor = Math.Max(1, (int)(step / trace.Step));
        if (wanted is not null && trace.Step * factor != step) return ([], 0, step);
        step = trace.Step * factor;
        var wantedSteps = Math.Min(trace.Values.Length, (int)(TimeSpan.FromDays(days) / trace.Step));
        var begin = random.NextInt(trace.Values.Length - wantedSteps + 1);
        var stretch = (trace with { Start = trace.Start + trace.Step * begin, Values = trace.Values.Slice(begin, wantedSteps) }).Aggregate(factor);
        return (stretch.Values.ToArray(), StepGrid.IndexOf(stretch.Start, step), step);
    }
}
