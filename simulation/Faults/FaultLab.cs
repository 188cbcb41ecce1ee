namespace ControlPlane.Simulation.Faults;

/// <summary>Lets every fault of the library happen under every treatment, over many seeds.</summary>
public static class FaultLab
{
    private static readonly FaultTreatment[] Treatments = Enum.GetValues<FaultTreatment>();

    /// <summary>Runs the library.</summary>
    /// <param name="scenarios">The faults.</param>
    /// <param name="seeds">Seeds 1 to this number.</param>
    /// <param name="progress">Gets the share done; null for nobody.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    public static IReadOnlyList<FaultRow> Run(IReadOnlyList<FaultScenario> scenarios, int seeds, IProgress<double>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(seeds, 1);
        var each = seeds * Treatments.Length;
        var outcomes = new FaultOutcome[scenarios.Count * each];
        var done = 0;
        Parallel.For(0, outcomes.Length, new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            var (scenario, rest) = (i / each, i % each);
            outcomes[i] = FaultRun.Run(scenarios[scenario], (ulong)(rest / Treatments.Length) + 1, Treatments[rest % Treatments.Length]);
            progress?.Report((double)Interlocked.Increment(ref done) / outcomes.Length);
        });
        return [.. scenarios.Select((s, i) => Row(s, outcomes.AsSpan(i * each, each)))];
    }

    private static FaultRow Row(FaultScenario scenario, ReadOnlySpan<FaultOutcome> outcomes)
    {
        FaultOutcome[] Of(FaultTreatment treatment, ReadOnlySpan<FaultOutcome> all)
        {
            var chosen = new FaultOutcome[all.Length / Treatments.Length];
            for (var i = 0; i < chosen.Length; i++) chosen[i] = all[i * Treatments.Length + (int)treatment];
            return chosen;
        }

        var (none, probes, healed) = (Of(FaultTreatment.None, outcomes), Of(FaultTreatment.LivenessProbes, outcomes), Of(FaultTreatment.Healing, outcomes));
        double[] detections = [.. healed.Where(o => o.DetectedAfter is not null).Select(o => o.DetectedAfter!.Value.TotalSeconds)];
        var unhealedViolations = none.Sum(o => o.ViolatingRequests);
        return new FaultRow
        {
            Fault = scenario.Name,
            IsCommon = scenario.IsCommon,
            Seeds = healed.Length,
            Detected = detections.Length,
            DetectionSeconds = detections.Length > 0 ? Quantile(detections, 0.5) : null,
            RecoverySeconds = Quantile(Recoveries(healed), 0.5),
            RecoverySeconds90 = Quantile(Recoveries(healed), 0.9),
            ProbesRecoverySeconds = Quantile(Recoveries(probes), 0.5),
            UnhealedRecoverySeconds = Quantile(Recoveries(none), 0.5),
            RecoveryRatio = Quantile([.. healed.Zip(none, (h, n) => n.RecoveredAfter > TimeSpan.Zero ? h.RecoveredAfter / n.RecoveredAfter : 1)], 0.5),
            ViolationRatio = unhealedViolations > 0 ? healed.Sum(o => o.ViolatingRequests) / unhealedViolations : 1,
            MostEvictions = healed.Max(o => o.Evictions),
            Evictions = healed.Sum(o => o.Evictions),
            BrokenBudgets = healed.Sum(o => o.BrokenBudgets),
            FalseFindings = healed.Sum(o => o.FalseFindings),
        };
    }

    private static double[] Recoveries(FaultOutcome[] outcomes) => [.. outcomes.Select(o => o.RecoveredAfter.TotalSeconds)];

    private static double Quantile(double[] values, double share)
    {
        Array.Sort(values);
        var place = share * (values.Length - 1);
        var low = (int)place;
        return low + 1 < values.Length ? values[low] + (place - low) * (values[low + 1] - values[low]) : values[low];
    }
}
