using System.Collections.Immutable;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Metrics;

/// <summary>
/// How long this workload's pods take from creation to readiness: the 90th percentile of the last 32 pods that became ready for the first
/// time under our eyes. Pods that were there at the first look, and pods that were ready before, say nothing.
/// </summary>
public sealed class StartupEstimator
{
    private const int Remembered = 32;
    private const double Level = 0.9;
    private const int MostPods = 10_000;
    private readonly float[] _seconds = new float[Remembered];
    private HashSet<ulong> _readyBefore = [];
    private ImmutableArray<PodStatus> _lookedAt;
    private bool _hasLooked;
    private int _count;
    private int _next;

    /// <summary>Seconds from creation to readiness, 90th percentile; null before the first pod was seen to start.</summary>
    public double? Seconds { get; private set; }

    /// <summary>Looks at the workload's pods as they are now. The same array again says nothing new and costs nothing.</summary>
    public void Observe(ImmutableArray<PodStatus> pods)
    {
        if (pods == _lookedAt) return;
        var known = 0;
        foreach (var pod in pods)
        {
            var key = KeyOf(pod.Name);
            if (_readyBefore.Contains(key)) known++;
            else if (pod.IsReady == true)
            {
                if (_hasLooked) Measure(pod);
                if (_readyBefore.Count < MostPods && _readyBefore.Add(key)) known++;
            }
        }

        if (known < _readyBefore.Count) _readyBefore.IntersectWith(pods.Select(pod => KeyOf(pod.Name)));
        _lookedAt = pods;
        _hasLooked = true;
    }

    internal void Save(StateWriter writer)
    {
        writer.Write(_hasLooked);
        writer.Write(_count);
        for (var i = _count; i > 0; i--) writer.Write(_seconds[(_next - i + Remembered) % Remembered]);
        writer.Write(_readyBefore.Count);
        foreach (var key in _readyBefore.Order()) writer.Write(key);
    }

    internal void Load(ref StateReader reader)
    {
        _lookedAt = default;
        _hasLooked = reader.ReadBoolean();
        var count = reader.ReadCount(sizeof(float));
        (_count, _next, Seconds) = (0, 0, null);
        for (var i = 0; i < count; i++) Remember(reader.ReadSingle());
        var keys = reader.ReadCount(sizeof(ulong));
        _readyBefore = new HashSet<ulong>(keys);
        for (var i = 0; i < keys; i++) _readyBefore.Add(reader.ReadUInt64());
    }

    private void Measure(PodStatus pod)
    {
        if (pod.CreatedAt is not { } created || pod.ReadyChangedAt is not { } ready || ready < created) return;
        Remember((float)(ready - created).TotalSeconds);
    }

    private void Remember(float seconds)
    {
        _seconds[_next] = seconds;
        _next = (_next + 1) % Remembered;
        _count = Math.Min(_count + 1, Remembered);
        Span<float> sorted = stackalloc float[_count];
        _seconds.AsSpan(0, _count).CopyTo(sorted);
        sorted.Sort();
        Seconds = sorted[(int)Math.Ceiling(Level * _count) - 1];
    }

    /// <summary>FNV-1a, 64 bits: the same in every process, unlike <see cref="string.GetHashCode()"/>.</summary>
    private static ulong KeyOf(string name)
    {
        var hash = 14_695_981_039_346_656_037UL;
        foreach (var letter in name) hash = (hash ^ letter) * 1_099_511_628_211UL;
        return hash;
    }
}
