using System.Collections.Immutable;
using ControlPlane.Core.Anomalies.Pods;
using ControlPlane.Core.Anomalies.Thresholds;
using ControlPlane.Core.Metrics;

namespace ControlPlane.Core.Anomalies.Health;

/// <summary>What the pods of one reading showed, one column a feature; NaN where unknown. Reused from step to step.</summary>
internal sealed class PodVitals
{
    /// <summary>Number of features.</summary>
    public const int Features = 4;
    public const int Cpu = 0;
    public const int Memory = 1;
    public const int Errors = 2;
    public const int Latency = 3;

    /// <summary>What is too small a difference to matter: shares of the request, a share of errors, a quarter of a doubling.</summary>
    public static readonly ImmutableArray<double> Resolutions = [0.05, 0.06, 0.02, 0.25];
    private readonly Dictionary<string, int> _index = new(StringComparer.Ordinal);
    private readonly List<PodReading> _readings = [];
    private double[] _values = [];
    private double[] _sorted = [];
    private int _count;

    /// <summary>Samples of pods that count, and those that are of another time.</summary>
    public (int Fresh, int Stale) Samples { get; private set; }

    /// <summary>A number that the same samples give again.</summary>
    public ulong Print { get; private set; }

    /// <summary>A feature of a pod; NaN when unknown. CPU and memory as shares of the request, latency in seconds.</summary>
    public double this[int pod, int feature] => _values[pod * Features + feature];

    /// <summary>Takes a reading in.</summary>
    public void Read(DateTimeOffset time, ImmutableArray<PodStatus> pods, ImmutableArray<MetricSample> samples, HealthOptions options)
    {
        Clear(pods);
        var (fresh, stale, print) = (0, 0, 0UL);
        foreach (var sample in samples)
        {
            if (sample.Pod is not { } name || FeatureOf(sample.Signal) is not (>= 0 and var feature) || !_index.TryGetValue(name, out var pod)) continue;
            var age = time - sample.Timestamp;
            if (age > options.OldestSample || age < -options.EarliestSample || !double.IsFinite(sample.Value))
            {
                stale++;
                continue;
            }

            fresh++;
            print = (print ^ (ulong)BitConverter.DoubleToInt64Bits(sample.Value)) * 1099511628211UL;
            _values[pod * Features + feature] = Scale(feature, sample.Value, pods[pod]);
        }

        (Samples, Print) = ((fresh, stale), print);
    }

    /// <summary>Median of a feature over the pods for which it is known and that count; NaN when there is none.</summary>
    public double Median(int feature, ReadOnlySpan<bool> counts)
    {
        var known = 0;
        for (var i = 0; i < _count; i++)
        {
            if (counts[i] && !double.IsNaN(this[i, feature])) _sorted[known++] = this[i, feature];
        }

        return known == 0 ? double.NaN : RobustZScore.Median(_sorted.AsSpan(0, known));
    }

    /// <summary>The pods that count, as the detector takes them; a feature that is unknown is taken to be like the others'.</summary>
    /// <param name="pods">The pods of the reading.</param>
    /// <param name="counts">Which of them count.</param>
    /// <param name="medians">Median of each feature.</param>
    public IReadOnlyList<PodReading> ToReadings(ImmutableArray<PodStatus> pods, ReadOnlySpan<bool> counts, ReadOnlySpan<double> medians)
    {
        _readings.Clear();
        for (var i = 0; i < _count; i++)
        {
            if (!counts[i]) continue;
            var (values, known) = (ImmutableArray.CreateBuilder<double>(Features), false);
            for (var f = 0; f < Features; f++)
            {
                var value = this[i, f];
                known |= !double.IsNaN(value);
                value = double.IsNaN(value) ? double.IsNaN(medians[f]) ? 0 : medians[f] : value;
                values.Add(f == Latency && value > 0 ? Math.Log2(value) : value);
            }

            if (known) _readings.Add(new PodReading(pods[i].Name, values.MoveToImmutable()));
        }

        return _readings;
    }

    private void Clear(ImmutableArray<PodStatus> pods)
    {
        _count = Math.Min(pods.Length, PodOutlierDetector.MostPods);
        if (_values.Length < _count * Features) (_values, _sorted) = (new double[_count * Features], new double[_count]);
        _values.AsSpan(0, _count * Features).Fill(double.NaN);
        _index.Clear();
        for (var i = 0; i < _count; i++) _index[pods[i].Name] = i;
    }

    private static int FeatureOf(string signal) => signal switch
    {
        SignalNames.Cpu => Cpu,
        SignalNames.Memory => Memory,
        SignalNames.ErrorRatio => Errors,
        SignalNames.LatencyP95 => Latency,
        _ => -1,
    };

    private static double Scale(int feature, double value, PodStatus pod) => feature switch
    {
        Cpu => pod.CpuRequestMillicores is > 0 and var milli ? value * 1000 / milli : double.NaN,
        Memory => pod.MemoryRequestBytes is > 0 and var bytes ? value / bytes : double.NaN,
        _ => value >= 0 ? value : double.NaN,
    };
}
