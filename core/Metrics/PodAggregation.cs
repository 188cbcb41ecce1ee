using System.Collections.Immutable;

namespace ControlPlane.Core.Metrics;

/// <summary>
/// From samples of one step to values of the workload. Several samples of one series are averaged. A sample of the whole workload wins over
/// those of its pods. Over pods, demand, cpu and memory are summed; latency and the error ratio take the worst pod (a mean of quantiles is
/// not a quantile). A sum is known when enough of the ready pods reported; the others are taken to be like those that did.
/// </summary>
public static class PodAggregation
{
    /// <summary>One aggregated value.</summary>
    /// <param name="Value">The workload's value; null when unknown.</param>
    /// <param name="IsSuspect">Whether only doubtful samples stand behind it.</param>
    public readonly record struct Aggregate(double? Value, bool IsSuspect);

    /// <summary>Aggregates one signal.</summary>
    /// <param name="samples">Samples of the step, sorted by signal, pod and timestamp (<see cref="StepAccumulator.Take"/>).</param>
    /// <param name="signal">The signal.</param>
    /// <param name="readyPods">Ready pods, or null when unknown (then the reporting pods count as all).</param>
    /// <param name="minPodShare">Share of ready pods that must have reported for a sum, a fraction.</param>
    public static Aggregate Of(ImmutableArray<MetricSample> samples, string signal, int? readyPods, double minPodShare)
    {
        var good = OfQuality(samples, signal, readyPods, minPodShare, SampleQuality.Good);
        if (good is not null) return new Aggregate(good, false);
        var any = OfQuality(samples, signal, readyPods, minPodShare, SampleQuality.Suspect);
        return new Aggregate(any, any is not null);
    }

    private static double? OfQuality(ImmutableArray<MetricSample> samples, string signal, int? readyPods, double minPodShare, SampleQuality worst)
    {
        var (pods, sum, largest) = (0, 0.0, double.NegativeInfinity);
        for (var start = 0; start < samples.Length;)
        {
            var end = EndOfSeries(samples, start);
            if (samples[start].Signal == signal && MeanOf(samples.AsSpan()[start..end], worst) is { } mean)
            {
                if (samples[start].Pod is null) return mean;
                pods++;
                sum += mean;
                largest = Math.Max(largest, mean);
            }

            start = end;
        }

        if (pods == 0) return null;
        if (!IsSummed(signal)) return largest;
        if (readyPods is not { } ready || pods >= ready) return sum;
        return pods >= ready * minPodShare ? sum / pods * ready : null;
    }

    private static int EndOfSeries(ImmutableArray<MetricSample> samples, int start)
    {
        var end = start + 1;
        while (end < samples.Length && samples[end].Signal == samples[start].Signal && samples[end].Pod == samples[start].Pod) end++;
        return end;
    }

    private static double? MeanOf(ReadOnlySpan<MetricSample> series, SampleQuality worst)
    {
        var (sum, count) = (0.0, 0);
        foreach (var sample in series)
        {
            if (sample.Quality > worst) continue;
            sum += sample.Value;
            count++;
        }

        return count == 0 ? null : sum / count;
    }

    private static bool IsSummed(string signal) =>
        signal is not (SignalNames.LatencyP50 or SignalNames.LatencyP95 or SignalNames.LatencyP99 or SignalNames.ErrorRatio);
}
