namespace ControlPlane.Core.Anomalies.Series;

/// <summary>Scales and threshold of a <see cref="SeriesDetector"/>; everything else is fixed.</summary>
public sealed record SeriesDetectorOptions
{
    /// <summary>Blocks of the delay embedding in a warm-up: with 5-minute steps and 2.5 days a block is about half an hour.</summary>
    private const int BlocksInWarmUp = 104;
    private const int LeastWarmUp = 240;
    private const int MostWarmUp = 750;
    private static readonly TimeSpan UsualWarmUp = TimeSpan.FromHours(60);

    /// <summary>Default of <see cref="Threshold"/>.</summary>
    public const double DefaultThreshold = 3.6;

    /// <summary>Steps before the first alarm; the muting and the budget of alarms scale with it. 1 to 750.</summary>
    public required int WarmUpSteps { get; init; }

    /// <summary>Evidence that an alarm takes while there were none lately, in powers of ten, above 0.</summary>
    public double Threshold { get; init; } = DefaultThreshold;

    /// <summary>Steps in a block of the delay embedding.</summary>
    internal int Block => Math.Max(1, WarmUpSteps / BlocksInWarmUp);

    /// <summary>Scales from the length of a step alone: a warm-up of 60 hours, at least 240 and at most 750 steps.</summary>
    /// <param name="step">Length of a step, above 0.</param>
    public static SeriesDetectorOptions ForStep(TimeSpan step)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(step, TimeSpan.Zero);
        return new SeriesDetectorOptions { WarmUpSteps = (int)Math.Clamp(UsualWarmUp / step, LeastWarmUp, MostWarmUp) };
    }
}
