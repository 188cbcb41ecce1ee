namespace ControlPlane.Core.Metrics.Filters;

/// <summary>
/// The filters that a sample passes, in order: timestamp to UTC, finite value, not from the future, not too late, not seen before.
/// Keeps the keys of the samples that could still come again, no more than <see cref="IntakeOptions.MaxSamplesPerStep"/> a step.
/// </summary>
public sealed class SampleIntake
{
    private readonly IntakeOptions _options;
    private readonly DuplicateFilter _duplicates;
    private readonly long[] _counts = new long[Enum.GetValues<SampleOutcome>().Length];

    /// <summary>An intake that has seen nothing.</summary>
    public SampleIntake(IntakeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _duplicates = new DuplicateFilter(options.MaxSamplesPerStep);
    }

    /// <summary>Samples by outcome since the start.</summary>
    public IntakeCounts Counts => new(
        _counts[(int)SampleOutcome.Accepted],
        _counts[(int)SampleOutcome.NotFinite],
        _counts[(int)SampleOutcome.Future],
        _counts[(int)SampleOutcome.Late],
        _counts[(int)SampleOutcome.Duplicate],
        _counts[(int)SampleOutcome.Overflow],
        0);

    /// <summary>Judges one sample.</summary>
    /// <param name="sample">The sample; any offset.</param>
    /// <param name="openStepStart">Start of the step that is open.</param>
    /// <param name="now">The present moment.</param>
    /// <param name="accepted">The sample with its timestamp in UTC when accepted, else null.</param>
    public SampleOutcome Admit(MetricSample sample, DateTimeOffset openStepStart, DateTimeOffset now, out MetricSample? accepted)
    {
        ArgumentNullException.ThrowIfNull(sample);
        var outcome = Judge(sample, openStepStart, now);
        _counts[(int)outcome]++;
        accepted = outcome != SampleOutcome.Accepted ? null
            : sample.Timestamp.Offset == TimeSpan.Zero ? sample
            : sample with { Timestamp = sample.Timestamp.ToUniversalTime() };
        return outcome;
    }

    /// <summary>Forgets the keys of samples that would now be too late anyway.</summary>
    public void CloseStep(DateTimeOffset stepEnd) => _duplicates.Forget(stepEnd - _options.MaxLate);

    private SampleOutcome Judge(MetricSample sample, DateTimeOffset openStepStart, DateTimeOffset now)
    {
        if (!double.IsFinite(sample.Value) || string.IsNullOrEmpty(sample.Signal)) return SampleOutcome.NotFinite;
        if (sample.Timestamp - now > _options.MaxFuture) return SampleOutcome.Future;
        if (openStepStart - sample.Timestamp > _options.MaxLate) return SampleOutcome.Late;
        return _duplicates.Judge(sample);
    }
}
