using ControlPlane.Core.Forecasting.Neural;

namespace ControlPlane.Core.Forecasting.Network;

/// <summary>Examples from many traces: each whole, at its own step and at five minutes, and stretches of it that were changed.</summary>
internal static class TrainingSet
{
    private static readonly TimeSpan FineStep = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan CoarseStep = TimeSpan.FromMinutes(5);

    /// <returns>Rows to learn from, and rows of other runs to validate on.</returns>
    public static (CorrectionRows Learn, CorrectionRows Validate) Make(IReadOnlyList<TrainingTrace> traces, NetworkTrainingOptions options, CancellationToken token)
    {
        var random = new SeededNoise(options.Seed);
        var runs = new List<TrainingTrace>();
        foreach (var trace in traces) runs.AddRange(Whole(trace));
        var partners = runs.Where(run => run.Step >= CoarseStep || runs.All(other => other.Name != run.Name || other.Step <= run.Step)).ToList();
        foreach (var trace in partners)
            for (var i = 0; i < options.VariationsPerTrace; i++) runs.Add(Varied(trace, partners, random));
        var share = Math.Min(1, (double)options.MostExamples / Math.Max(1, runs.Sum(TrainingRun.CountOf)));
        // Of a few runs one validates.
        var validating = Math.Max(options.ValidationShare, 1.0 / Math.Max(1, runs.Count));
        var kept = (int)(options.MostExamples * validating);
        var (learn, validate) = (new CorrectionRows(options.MostExamples - kept), new CorrectionRows(kept));
        for (var run = 0; run < runs.Count; run++)
        {
            token.ThrowIfCancellationRequested();
            TrainingRun.Collect(runs[run], share, random, Validates(run, validating) ? validate : learn);
        }

        return (learn, validate);
    }

    /// <summary>Whether a run is one of the share that is kept aside, evenly spread.</summary>
    private static bool Validates(int run, double share) => Math.Floor((run + 1) * share) > Math.Floor(run * share);

    private static IEnumerable<TrainingTrace> Whole(TrainingTrace trace)
    {
        if (trace.Step < CoarseStep) yield return InSteps(trace, FineStep);
        yield return InSteps(trace, CoarseStep);
    }

    /// <summary>The same load in steps of at least so long.</summary>
    private static TrainingTrace InSteps(TrainingTrace trace, TimeSpan step) => trace.Aggregate((int)Math.Max(1, step / trace.Step));

    /// <summary>A stretch of three days or of one to two weeks, changed.</summary>
    private static TrainingTrace Varied(TrainingTrace trace, List<TrainingTrace> partners, SeededNoise random)
    {
        var days = random.NextInt(3) == 0 ? 3 : 7 + random.NextInt(8);
        var length = (int)Math.Min(trace.Values.Length, TimeSpan.FromDays(days) / trace.Step);
        var begin = random.NextInt(trace.Values.Length - length + 1);
        var values = trace.Values.Slice(begin, length).ToArray();
        var partner = partners[random.NextInt(partners.Count)].Values;
        var start = random.NextInt(Math.Max(1, partner.Length - length + 1));
        TraceVariation.Apply(values, partner.Length > length ? partner.Span.Slice(start, length) : [], random);
        return trace with { Start = trace.Start + trace.Step * begin, Values = values };
    }
}
