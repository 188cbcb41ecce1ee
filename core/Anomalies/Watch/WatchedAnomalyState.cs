using System.Collections.Immutable;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Anomalies.Watch;

/// <summary>Writes and reads anomalies that are kept.</summary>
internal static class WatchedAnomalyState
{
    public static void Save(StateWriter writer, WatchedAnomaly anomaly)
    {
        var episode = anomaly.Episode;
        writer.Write(anomaly.Id);
        writer.Write(anomaly.Kind);
        writer.Write(anomaly.IsReal is not null);
        writer.Write(anomaly.IsReal == true);
        writer.Write(episode.Started.UtcTicks);
        writer.Write(episode.Detected.UtcTicks);
        writer.Write(episode.Ended?.UtcTicks ?? 0);
        writer.Write(episode.Peak);
        writer.Write(episode.Threshold);
        writer.Write(episode.Signals.Length);
        foreach (var (signal, share) in episode.Signals)
        {
            writer.Write(signal);
            writer.Write(share);
        }
    }

    public static WatchedAnomaly Load(ref StateReader reader)
    {
        var (id, kind, isLabelled, isReal) = (reader.ReadString(), reader.ReadString(), reader.ReadBoolean(), reader.ReadBoolean());
        return new WatchedAnomaly
        {
            Id = id,
            Kind = kind,
            IsReal = isLabelled ? isReal : null,
            Episode = new AnomalyEpisode
            {
                Started = ReadTime(ref reader),
                Detected = ReadTime(ref reader),
                Ended = ReadTime(ref reader) is { Ticks: > 0 } ended ? ended : null,
                Peak = reader.ReadDouble(),
                Threshold = reader.ReadDouble(),
                Signals = ReadSignals(ref reader),
            },
        };
    }

    private static DateTimeOffset ReadTime(ref StateReader reader)
    {
        var ticks = reader.ReadInt64();
        return ticks >= 0 && ticks <= DateTime.MaxValue.Ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : throw reader.Flaw("a time is out of range");
    }

    private static ImmutableArray<SignalShare> ReadSignals(ref StateReader reader)
    {
        var shares = new SignalShare[reader.ReadCount(12)];
        for (var i = 0; i < shares.Length; i++) shares[i] = new SignalShare(reader.ReadString(), reader.ReadDouble());
        return [.. shares];
    }
}
