using System.Collections.Concurrent;
using ControlPlane.Core.Forecasting.Models;
using ControlPlane.GrainInterfaces;
using Orleans.Runtime;

namespace ControlPlane.Grains.Models;

/// <summary>
/// What a silo's predictors know of the registry: one of them asks once a minute for all, and loads each artifact once. Thread-safe; holds no lock over a
/// call, so that a predictor that is lost in the middle blocks nobody.
/// </summary>
public sealed class ModelShelf(TimeProvider time)
{
    /// <summary>How old the line-up may be.</summary>
    public static readonly TimeSpan Refresh = TimeSpan.FromMinutes(1);

    private const int MostArtifacts = 16;
    private readonly ConcurrentDictionary<ModelId, ModelArtifact> _artifacts = new();
    private ModelLineup? _lineup;
    private long _nextTicks;

    /// <summary>The line-up as it was last seen; null before that.</summary>
    public ModelLineup? Lineup => Volatile.Read(ref _lineup);

    /// <summary>Whether the line-up is to be asked for again, by whoever comes first.</summary>
    public bool IsStale => time.GetUtcNow().UtcTicks >= Volatile.Read(ref _nextTicks);

    /// <summary>The line-up changed, as far as can be told: the next predictor asks again.</summary>
    public void Expire() => Volatile.Write(ref _nextTicks, 0);

    /// <summary>Asks for the line-up when it is old and nobody else does so at the moment. When it cannot be had, the last one stays.</summary>
    public async Task Follow(IGrainFactory grains)
    {
        var (due, now) = (Volatile.Read(ref _nextTicks), time.GetUtcNow().UtcTicks);
        if (now < due || Interlocked.CompareExchange(ref _nextTicks, now + Refresh.Ticks, due) != due) return;
        try
        {
            var lineup = await grains.GetGrain<IModelRegistryGrain>(ModelSlots.Demand).GetLineup();
            if (lineup.Revision != Lineup?.Revision) Volatile.Write(ref _lineup, lineup);
        }
        catch (Exception e) when (e is TimeoutException or OrleansException)
        {
            // In a minute somebody asks again.
        }
    }

    /// <summary>The artifact of a version; null when it has none.</summary>
    /// <exception cref="InvalidDataException">It is not readable.</exception>
    public async Task<ModelArtifact?> Artifact(IGrainFactory grains, ModelId id)
    {
        if (_artifacts.TryGetValue(id, out var known)) return known;
        var bytes = await grains.GetGrain<IModelArtifactGrain>(id.ToString()).Get();
        if (bytes.IsEmpty) return null;
        var artifact = ModelArtifact.Load(bytes.AsSpan(), id.Name);
        if (_artifacts.Count >= MostArtifacts) _artifacts.Clear();
        return _artifacts.GetOrAdd(id, artifact);
    }
}
