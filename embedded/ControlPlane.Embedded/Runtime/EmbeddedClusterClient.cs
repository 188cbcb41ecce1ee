namespace ControlPlane.Embedded.Runtime;

/// <summary>Makes references to the grains of an engine.</summary>
internal sealed class EmbeddedClusterClient(Engine engine) : IClusterClient
{
    private readonly Dictionary<Type, Maker> _makers = [];
    private readonly Lock _gate = new();
    private Dictionary<Type, Maker> _known = [];

    public IServiceProvider ServiceProvider => engine.Services;

    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null)
        where TGrainInterface : IGrainWithStringKey
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(primaryKey);
        var maker = grainClassNamePrefix is null ? MakerOf(typeof(TGrainInterface)) : NewMaker(typeof(TGrainInterface), grainClassNamePrefix);
        return (TGrainInterface)(object)maker.Make(maker.Class.Binding, GrainId.Create(maker.Class.GrainType, primaryKey));
    }

    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId)
        where TGrainInterface : IAddressable
        => (TGrainInterface)(object)ProxyEmitter.For(typeof(TGrainInterface))(engine.Classes.ByName(grainId.Type).Binding, grainId);

    private Maker MakerOf(Type face)
    {
        if (_known.TryGetValue(face, out var maker))
        {
            return maker;
        }

        lock (_gate)
        {
            if (!_makers.TryGetValue(face, out maker))
            {
                _makers.Add(face, maker = NewMaker(face, null));
                _known = new(_makers);
            }

            return maker;
        }
    }

    private Maker NewMaker(Type face, string? prefix) => new(engine.Classes.Implementing(face, prefix), ProxyEmitter.For(face));

    private readonly record struct Maker(GrainClass Class, Func<GrainBinding, GrainId, GrainReference> Make);
}
