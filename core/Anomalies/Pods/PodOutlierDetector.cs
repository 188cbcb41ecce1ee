using System.Buffers;
using System.Collections.Immutable;
using ControlPlane.Core.Anomalies.Thresholds;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Anomalies.Pods;

/// <summary>
/// Finds pods that are unlike their peers. In every step each feature is brought to robust units over the pods (median, median absolute
/// deviation); DBSCAN says who is not in the largest group, and who stays apart for several steps is reported. k-means over the ordinary
/// pods of the past says how new its values are to this workload. When many are apart at once it is the workload, not the pod.
/// </summary>
public sealed class PodOutlierDetector
{
    /// <summary>Pods that are looked at in a step, by name; further ones are left out.</summary>
    public const int MostPods = 256;

    /// <summary>Fewer pods than this cannot say what is usual.</summary>
    public const int FewestPods = 4;

    /// <summary>Largest share of pods that may be outliers without it being a common cause.</summary>
    public const double LargestShare = 1.0 / 3;

    /// <summary>Steps that a pod must be apart before it is reported, unless said otherwise.</summary>
    public const int DefaultStepsApart = 4;
    private const string Kind = "ANPO";
    private const ushort FormatVersion = 1;
    private const int TrackedPods = 32;
    private const int Clusters = 4;
    private const int ClusterMemory = 4_096;
    private const double Radius = 4;
    private const double NormalScale = 1.4826;
    private const double LargestUnits = 100;
    private readonly ImmutableArray<double> _resolutions;
    private readonly int _stepsApart;
    private readonly StreamingKMeans _ordinary;
    private readonly double[] _vector;
    private readonly SortedDictionary<string, PodTrack> _tracks = new(StringComparer.Ordinal);

    /// <param name="resolutions">For each feature what is too small a difference to matter, in its unit, above 0; 1 to 16 features.</param>
    /// <param name="stepsApart">Steps that a pod must be apart before it is reported, at least 1.</param>
    public PodOutlierDetector(ImmutableArray<double> resolutions, int stepsApart = DefaultStepsApart)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stepsApart, 1);
        if (resolutions.IsDefault || resolutions.Length is < 1 or > 16) throw new ArgumentException("must be 1 to 16 features", nameof(resolutions));
        if (resolutions.Any(r => !(r > 0))) throw new ArgumentException("every resolution must be above 0", nameof(resolutions));
        (_resolutions, _stepsApart) = (resolutions, stepsApart);
        _vector = new double[resolutions.Length];
        _ordinary = new StreamingKMeans(Clusters, resolutions.Length, ClusterMemory);
    }

    /// <summary>Share of the last step's pods that were outliers, 0 to 1.</summary>
    public double OutlierShare { get; private set; }

    /// <summary>Whether so many pods were outliers in the last step that the cause is common to them.</summary>
    public bool IsCommonCause => OutlierShare > LargestShare;

    /// <summary>Takes a step in.</summary>
    /// <param name="time">Time of the step, UTC.</param>
    /// <param name="readings">Ready pods with what they showed; each once.</param>
    /// <returns>Pods that have been outliers for long enough, most unusual first; none while the cause is common.</returns>
    public ImmutableArray<PodVerdict> Update(DateTimeOffset time, IReadOnlyList<PodReading> readings)
    {
        ArgumentNullException.ThrowIfNull(readings);
        PodReading[] pods = [.. readings.Where(IsComplete).OrderBy(r => r.Pod, StringComparer.Ordinal)];
        return Update(time, [.. pods.Select(r => r.Pod)], [.. pods.SelectMany(r => r.Values)]);
    }

    /// <summary>Takes a step in.</summary>
    /// <param name="time">Time of the step, UTC.</param>
    /// <param name="pods">Names of ready pods, in their order, each once.</param>
    /// <param name="values">What they showed, all finite: row-major <c>[pods, features]</c>.</param>
    internal ImmutableArray<PodVerdict> Update(DateTimeOffset time, ReadOnlySpan<string> pods, ReadOnlySpan<double> values)
    {
        if (pods.Length > MostPods)
        {
            pods = pods[..MostPods];
            values = values[..(MostPods * _resolutions.Length)];
        }

        OutlierShare = 0;
        // A pod that was not judged keeps its past for as long as it may come back.
        foreach (var track in _tracks.Values) track.Age++;
        if (pods.Length >= FewestPods) Judge(time, pods, values);
        Forget();
        return _tracks.Count == 0 || IsCommonCause
            ? []
            : [.. _tracks.Where(t => t.Value.Age == 0 && t.Value.Steps >= _stepsApart).Select(t => t.Value.Verdict(t.Key)).OrderByDescending(v => v.Score).ThenBy(v => v.Pod, StringComparer.Ordinal)];
    }

    /// <summary>The state as bytes.</summary>
    public byte[] Save()
    {
        var writer = new StateWriter(Kind, FormatVersion);
        writer.Write(_resolutions.Length);
        _ordinary.Save(writer);
        writer.Write(OutlierShare);
        writer.Write(_tracks.Count);
        foreach (var (pod, track) in _tracks)
        {
            writer.Write(pod);
            track.Save(writer);
        }

        return writer.ToBytes();
    }

    /// <summary>Takes over a state that <see cref="Save"/> wrote.</summary>
    /// <param name="bytes">The state of a detector with as many features.</param>
    /// <exception cref="InvalidDataException">The bytes are no such state.</exception>
    public void Load(ReadOnlySpan<byte> bytes)
    {
        var reader = new StateReader(bytes, Kind, FormatVersion, "a detector of pods");
        if (reader.ReadInt32() != _resolutions.Length) throw reader.Flaw("it is of another number of features");
        _ordinary.Load(ref reader);
        OutlierShare = reader.ReadDouble();
        var count = reader.ReadCount(1);
        if (count > TrackedPods) throw reader.Flaw("it tracks more pods than fit");
        _tracks.Clear();
        for (var i = 0; i < count; i++) _tracks[reader.ReadString()] = PodTrack.Load(ref reader);
        reader.End();
    }

    private bool IsComplete(PodReading reading) => !string.IsNullOrEmpty(reading.Pod) && !reading.Values.IsDefault && reading.Values.Length == _resolutions.Length && reading.Values.All(double.IsFinite);

    private void Judge(DateTimeOffset time, ReadOnlySpan<string> pods, ReadOnlySpan<double> values)
    {
        var features = _resolutions.Length;
        var scratch = ArrayPool<double>.Shared.Rent(values.Length);
        var units = scratch.AsSpan(0, values.Length);
        ToRobustUnits(values, units);
        Span<int> groups = stackalloc int[pods.Length];
        groups.Clear();
        var radius = Radius * Math.Sqrt(features);
        // Pods within half a radius of the median are neighbours of each other: where all are, which is usual, they are one group.
        var count = AreCentral(units, features, radius / 2) ? 1 : DensityClusters.Find(units, features, radius, Math.Max(2, pods.Length / 4), groups);
        var largest = Largest(groups, count);
        var outliers = 0;
        for (var i = 0; i < pods.Length; i++)
        {
            InResolutions(values.Slice(i * features, features));
            if (groups[i] == largest && largest >= 0)
            {
                _ordinary.Add(_vector, Radius);
                if (_tracks.Count > 0) _tracks.Remove(pods[i]);
                continue;
            }

            outliers++;
            Track(time, pods[i], units.Slice(i * features, features));
        }

        OutlierShare = (double)outliers / pods.Length;
        ArrayPool<double>.Shared.Return(scratch);
    }

    /// <summary>Distance of every value from the pods' median in robust standard deviations, bounded.</summary>
    private void ToRobustUnits(ReadOnlySpan<double> values, Span<double> units)
    {
        var features = _resolutions.Length;
        Span<double> column = stackalloc double[values.Length / features];
        for (var f = 0; f < features; f++)
        {
            for (var i = 0; i < column.Length; i++) column[i] = values[i * features + f];
            var median = RobustZScore.Median(column);
            for (var i = 0; i < column.Length; i++) column[i] = Math.Abs(values[i * features + f] - median);
            var unit = Math.Max(_resolutions[f], NormalScale * RobustZScore.Median(column));
            for (var i = 0; i < column.Length; i++) units[i * features + f] = Math.Clamp((values[i * features + f] - median) / unit, -LargestUnits, LargestUnits);
        }
    }

    private static bool AreCentral(ReadOnlySpan<double> units, int features, double radius)
    {
        for (; !units.IsEmpty; units = units[features..])
        {
            var squared = 0.0;
            foreach (var x in units[..features]) squared += x * x;
            if (squared > radius * radius) return false;
        }

        return true;
    }

    private static int Largest(ReadOnlySpan<int> groups, int count)
    {
        var (best, most) = (-1, 0);
        for (var g = 0; g < count; g++)
        {
            var size = groups.Count(g);
            if (size > most) (best, most) = (g, size);
        }

        return best;
    }

    /// <summary>Takes in that a pod, whose values the vector holds, is apart.</summary>
    private void Track(DateTimeOffset time, string pod, ReadOnlySpan<double> units)
    {
        if (!_tracks.TryGetValue(pod, out var track))
        {
            if (_tracks.Count >= TrackedPods) return;
            _tracks[pod] = track = new PodTrack { Since = time };
        }

        track.Next(units, _ordinary.Distance(_vector));
    }

    /// <summary>Brings values to the vector.</summary>
    private void InResolutions(ReadOnlySpan<double> values)
    {
        for (var f = 0; f < _vector.Length; f++) _vector[f] = values[f] / _resolutions[f];
    }

    private void Forget()
    {
        if (_tracks.Count == 0) return;
        foreach (var pod in _tracks.Where(t => t.Value.Age > _stepsApart).Select(t => t.Key).ToArray()) _tracks.Remove(pod);
    }
}
