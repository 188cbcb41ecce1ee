using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Anomalies.Pods;

/// <summary>How long and how far a pod has been apart from its peers.</summary>
internal sealed class PodTrack
{
    private const double Share = 0.25;
    private double _score;
    private int _feature;
    private double _featureShare;
    private double _novelty;

    /// <summary>Time of the first step apart, UTC.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>Steps apart.</summary>
    public int Steps { get; private set; }

    /// <summary>Steps since it was last judged.</summary>
    public int Age { get; set; }

    /// <summary>Takes in a step in which the pod was apart.</summary>
    /// <param name="units">Its distance from the peers in each feature.</param>
    /// <param name="novelty">Its distance from what was ordinary before, in resolutions.</param>
    public void Next(ReadOnlySpan<double> units, double novelty)
    {
        _novelty = novelty;
        var (sum, largest) = (0.0, 0.0);
        for (var f = 0; f < units.Length; f++)
        {
            var squared = units[f] * units[f];
            sum += squared;
            if (squared > largest) (largest, _feature) = (squared, f);
        }

        _featureShare = sum > 0 ? largest / sum : 0;
        var distance = Math.Sqrt(sum);
        _score = Steps == 0 ? distance : _score + Share * (distance - _score);
        if (Steps < int.MaxValue) Steps++;
        Age = 0;
    }

    public PodVerdict Verdict(string pod) => new(pod, _score, Since, _feature, _featureShare, _novelty);

    public void Save(StateWriter writer)
    {
        writer.Write(Since.UtcTicks);
        writer.Write(Steps);
        writer.Write(Age);
        writer.Write(_score);
        writer.Write(_feature);
        writer.Write(_featureShare);
        writer.Write(_novelty);
    }

    public static PodTrack Load(ref StateReader reader)
    {
        var ticks = reader.ReadInt64();
        if (ticks < 0 || ticks > DateTime.MaxValue.Ticks) throw reader.Flaw("a pod's time is out of range");
        return new PodTrack
        {
            Since = new DateTimeOffset(ticks, TimeSpan.Zero),
            Steps = reader.ReadInt32(),
            Age = reader.ReadInt32(),
            _score = reader.ReadDouble(),
            _feature = reader.ReadInt32(),
            _featureShare = reader.ReadDouble(),
            _novelty = reader.ReadDouble(),
        };
    }
}
