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

    /// <summary>What is larger is this: nothing is, and squares must not overflow.</summary>
    private const double LargestValue = 1e12;
    private double[] _values = [];
    private double[] _rows = [];
    private string[] _names = [];
    private int _count;
    private int _known;

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
        var (fresh, stale, print, pod) = (0, 0, 0UL, 0);
        foreach (var sample in samples)
        {
            if (sample.Pod is not { } name || FeatureOf(sample.Signal) is not (>= 0 and var feature) || !Find(name, pods, ref pod)) continue;
            var age = time - sample.Timestamp;
            if (age > options.OldestSample || age < -options.EarliestSample || !double.IsFinite(sample.Value))
            {
                stale++;
                continue;
            }

            fresh++;
            print = (print ^ (ulong)BitConverter.DoubleToInt64Bits(sample.Value)) * 1099511628211UL;
            _values[pod * Features + feature] = Math.Min(LargestValue, Scale(feature, sample.Value, pods[pod]));
        }

        (Samples, Print) = ((fresh, stale), print);
    }

    /// <summary>Forgets all of a pod but its errors.</summary>
    /// <returns>Whether these are known.</returns>
    public bool KeepErrors(int pod)
    {
        var errors = this[pod, Errors];
        _values.AsSpan(pod * Features, Features).Fill(double.NaN);
        _values[pod * Features + Errors] = errors;
        return !double.IsNaN(errors);
    }

    /// <summary>Median of a feature over the pods for which it is known and that count; NaN when there is none.</summary>
    public double Median(int feature, ReadOnlySpan<bool> counts)
    {
        var known = 0;
        Span<double> column = stackalloc double[_count];
        for (var i = 0; i < _count; i++)
        {
            if (counts[i] && !double.IsNaN(this[i, feature])) column[known++] = this[i, feature];
        }

        return known == 0 ? double.NaN : RobustZScore.Median(column[..known]);
    }

    /// <summary>Gathers the pods that count for the detector; a feature that is unknown is taken to be like the others'.</summary>
    /// <param name="pods">The pods of the reading.</param>
    /// <param name="counts">Which of them count.</param>
    /// <param name="medians">Median of each feature.</param>
    public void Gather(ImmutableArray<PodStatus> pods, ReadOnlySpan<bool> counts, ReadOnlySpan<double> medians)
    {
        if (_names.Length < _count) (_names, _rows) = (new string[_count], new double[_count * Features]);
        _known = 0;
        for (var i = 0; i < _count; i++)
        {
            if (!counts[i]) continue;
            var isKnown = false;
            for (var f = 0; f < Features; f++)
            {
                var value = this[i, f];
                isKnown |= !double.IsNaN(value);
                value = double.IsNaN(value) ? double.IsNaN(medians[f]) ? 0 : medians[f] : value;
                _rows[_known * Features + f] = f == Latency && value > 0 ? Math.Log2(value) : value;
            }

            if (isKnown) _names[_known++] = pods[i].Name;
        }
    }

    /// <summary>Names of the pods that were gathered.</summary>
    public ReadOnlySpan<string> Names => _names.AsSpan(0, _known);

    /// <summary>Their features, the latency as a logarithm to base 2: row-major <c>[pods, features]</c>.</summary>
    public ReadOnlySpan<double> Rows => _rows.AsSpan(0, _known * Features);

    private void Clear(ImmutableArray<PodStatus> pods)
    {
        _count = Math.Min(pods.Length, PodOutlierDetector.MostPods);
        if (_values.Length < _count * Features) _values = new double[_count * Features];
        _values.AsSpan(0, _count * Features).Fill(double.NaN);
    }

    /// <summary>Finds a pod by name, starting with the one of the sample before: samples come pod by pod, or signal by signal.</summary>
    private bool Find(string name, ImmutableArray<PodStatus> pods, ref int pod)
    {
        for (var i = 0; i < _count; i++, pod++)
        {
            if (pod >= _count) pod = 0;
            if (pods[pod].Name == name) return true;
        }

        return false;
    }

    private static int FeatureOf(string signal) => signal switch
    {
        SignalNames.Cpu => Cpu,
        SignalNames.Memory => Memory,
        SignalNames.ErrorRatio => Errors,
        SignalNames.LatencyP95 => Latency,
        _ => -1,
    };

    /// <summary>In the unit of the feature; NaN for what cannot be, or has no request to be compared with.</summary>
    private static double Scale(int feature, double value, PodStatus pod) => feature switch
    {
        _ when !(value >= 0) => double.NaN,
        Cpu => pod.CpuRequestMillicores is > 0 and var milli ? value * 1000 / milli : double.NaN,
        Memory => pod.MemoryRequestBytes is > 0 and var bytes ? value / bytes : double.NaN,
        _ => value,
    };
}
