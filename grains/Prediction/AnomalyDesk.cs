using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ControlPlane.Core.Anomalies;
using ControlPlane.Core.Anomalies.Watch;
using ControlPlane.Core.Metrics;
using Microsoft.Extensions.Logging;
using Orleans.Streams;

namespace ControlPlane.Grains.Prediction;

/// <summary>Lets a watch look at every step of one workload and tells what it reports. A watch that fails keeps no forecast back: a new one starts to learn.</summary>
/// <param name="workload">The workload.</param>
/// <param name="options">The rate of false alarms.</param>
/// <param name="output">Where reports go.</param>
/// <param name="logger">Told of what goes wrong.</param>
internal sealed partial class AnomalyDesk(string workload, WatchOptions options, IAsyncStream<AnomalyReport> output, ILogger logger)
{
    private WorkloadWatch? _watch;

    /// <summary>What the watch knows.</summary>
    public WatchOverview Overview => _watch?.Overview ?? WatchOverview.Empty;

    private bool IsOn => options.FalseAlarmsPerMonth > 0;

    /// <summary>Goes on from what <see cref="Save"/> gave.</summary>
    public void Load(ImmutableArray<byte> bytes)
    {
        if (bytes.IsDefaultOrEmpty || !IsOn) return;
        try
        {
            _watch = WorkloadWatch.Load(bytes.AsSpan(), options);
        }
        catch (InvalidDataException e)
        {
            LogUnreadable(e, workload);
        }
    }

    /// <summary>The watch as bytes; empty before the first step.</summary>
    public ImmutableArray<byte> Save() => _watch is null ? [] : ImmutableCollectionsMarshal.AsImmutableArray(_watch.Save());

    /// <summary>Takes a step in and tells what it brought.</summary>
    public async Task Step(Observation observation)
    {
        if (!IsOn) return;
        foreach (var report in Look(observation))
        {
            LogReported(workload, report.Kind, string.Join("; ", report.Evidence));
            await output.OnNextAsync(report);
        }
    }

    /// <summary>Takes over what an operator says of an anomaly; null when it is not kept.</summary>
    public WatchedAnomaly? Label(string id, bool isReal) => _watch?.Label(id, isReal);

    private ImmutableArray<AnomalyReport> Look(Observation observation)
    {
        // With another step of the policy the means are others.
        if (_watch?.Interval != WorkloadWatch.IntervalOf(observation.Step)) _watch = new WorkloadWatch(options, observation.Step);
        try
        {
            return _watch.Update(observation);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            LogFailed(e, workload);
            _watch = null;
            return [];
        }
    }

    [LoggerMessage(1308, LogLevel.Warning, "The stored watch over the signals of {Workload} is not readable; a new one starts to learn")]
    private partial void LogUnreadable(Exception exception, string workload);

    [LoggerMessage(1309, LogLevel.Error, "The watch over the signals of {Workload} failed; a new one starts to learn")]
    private partial void LogFailed(Exception exception, string workload);

    [LoggerMessage(1310, LogLevel.Information, "{Workload} has an anomaly of its {Kind}: {Evidence}")]
    private partial void LogReported(string workload, string kind, string evidence);
}
