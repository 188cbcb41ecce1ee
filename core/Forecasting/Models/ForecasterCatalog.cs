using System.Collections.Immutable;
using ControlPlane.Core.Forecasting.LeadTime;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.Models;

/// <summary>Makes forecasters from their model's name, version and artifact. A new kind of model is one entry. Thread-safe.</summary>
public sealed class ForecasterCatalog
{
    private const string Kind = "CPSM";
    private const ushort FormatVersion = 1;
    private const string What = "a forecaster at work";
    private readonly ImmutableArray<IModelKind> _kinds;

    /// <summary>A catalog of kinds.</summary>
    /// <param name="kinds">The kinds; the first is the default, which needs no artifact.</param>
    /// <exception cref="ArgumentException">There is none, the first needs an artifact, or two have one name.</exception>
    public ForecasterCatalog(params IEnumerable<IModelKind> kinds)
    {
        _kinds = [.. kinds];
        if (_kinds.IsEmpty || _kinds[0].OwnVersion is null) throw new ArgumentException("The first kind is the default and must need no artifact.", nameof(kinds));
        if (_kinds.DistinctBy(kind => kind.Name).Count() != _kinds.Length) throw new ArgumentException("Two kinds have one name.", nameof(kinds));
        BuiltIns = [.. _kinds.Where(kind => kind.OwnVersion is not null).Select(kind => ModelId.Of(kind.Name, kind.OwnVersion!))];
    }

    /// <summary>The program's own models, the default first.</summary>
    public ImmutableArray<ModelId> BuiltIns { get; }

    /// <summary>The kinds that this program brings: <see cref="DemandForecaster"/>, <see cref="NetworkForecaster"/>, <see cref="HoltWintersForecaster"/>, <see cref="SeasonalNaiveForecaster"/>, <see cref="LeadTimeForecaster"/>.</summary>
    public static ForecasterCatalog OfProgram() => new(OwnKinds());

    /// <summary>The kinds of <see cref="OfProgram"/>, to put others beside them.</summary>
    public static IEnumerable<IModelKind> OwnKinds() => [new DemandModelKind(), EngineModelKind.OfNetwork(), EngineModelKind.OfHoltWinters(), EngineModelKind.OfSeasonalNaive(), new LeadTimeModelKind()];

    /// <summary>Whether a model of this name can be run.</summary>
    public bool Knows(string name) => _kinds.Any(kind => kind.Name == name);

    /// <summary>Who does a model's work at a step: the model itself, or the program's own model that its kind names for such steps.</summary>
    /// <param name="id">The model.</param>
    /// <param name="step">Length of a step, positive.</param>
    public ModelId At(ModelId id, TimeSpan step)
    {
        if (!BuiltIns.Contains(id)) return id;
        var name = _kinds.First(kind => kind.Name == id.Name).NameAt(step);
        return BuiltIns.FirstOrDefault(own => own.Name == name) ?? id;
    }

    /// <summary>The default at a step.</summary>
    public ModelId DefaultAt(TimeSpan step) => At(BuiltIns[0], step);

    /// <summary>The default model of a step, having seen nothing.</summary>
    public ServedModel CreateDefault(TimeSpan step) => Create(DefaultAt(step), null, step);

    /// <summary>A model that has seen nothing.</summary>
    /// <param name="id">The version that is wanted. Without an artifact it is the program's own version, which the result names.</param>
    /// <param name="artifact">The version's artifact; null: it has none.</param>
    /// <param name="step">Length of a step, positive.</param>
    /// <exception cref="InvalidDataException">The program does not know the model, or the artifact is not one of it.</exception>
    public ServedModel Create(ModelId id, ModelArtifact? artifact, TimeSpan step)
    {
        var kind = Find(id, artifact);
        return new ServedModel(kind, Named(kind, artifact), step, kind.Create(step, artifact));
    }

    /// <summary>The byte form of a model at work. That of <see cref="DemandForecaster"/> is its own, as earlier versions stored it.</summary>
    public byte[] Save(ServedModel model)
    {
        var bytes = model.SaveForecaster();
        if (model.IsDemandForecaster) return bytes;
        var writer = new StateWriter(Kind, FormatVersion, bytes.Length + 128);
        writer.Write(model.Id.ToString());
        writer.Write(model.StepTime.Ticks);
        writer.Write(bytes.Length);
        writer.Write(bytes.AsSpan());
        return writer.ToBytes();
    }

    /// <summary>Which model wrote the bytes; null: <see cref="DemandForecaster"/>, as far as can be told.</summary>
    /// <exception cref="InvalidDataException">The bytes are damaged.</exception>
    public static ModelId? WriterOf(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.StartsWith("CPSM"u8)) return null;
        var reader = new StateReader(bytes, Kind, FormatVersion, What);
        return ModelId.TryParse(reader.ReadString(), out var id) ? id : throw reader.Flaw("it names no model");
    }

    /// <summary>Restores what <see cref="Save"/> gave.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="artifact">The artifact of the version that <see cref="WriterOf"/> names; null: it has none.</param>
    /// <exception cref="InvalidDataException">The bytes are damaged, or of a model or version that this program does not run.</exception>
    public ServedModel Load(ReadOnlySpan<byte> bytes, ModelArtifact? artifact)
    {
        if (WriterOf(bytes) is not { } id)
        {
            var own = DemandForecaster.Load(bytes);
            var kind = _kinds.FirstOrDefault(kind => kind.Name == own.Name) ?? throw new InvalidDataException($"This program does not run the model '{own.Name}'.");
            return new ServedModel(kind, ModelId.Of(own.Name, own.Version), own.Step, own);
        }
        var reader = new StateReader(bytes, Kind, FormatVersion, What);
        reader.ReadString();
        var step = reader.ReadInt64();
        if (step <= 0) throw reader.Flaw("its step is not positive");
        var body = new byte[reader.ReadCount(1)];
        reader.Read(body);
        reader.End();
        return Restore(id, artifact, TimeSpan.FromTicks(step), body);
    }

    private ServedModel Restore(ModelId id, ModelArtifact? artifact, TimeSpan step, byte[] body)
    {
        var kind = Find(id, artifact);
        var named = Named(kind, artifact);
        if (named != id) throw new InvalidDataException($"The state is of {id}; this program runs {named}.");
        return new ServedModel(kind, id, step, kind.Load(body, step, artifact));
    }

    private static ModelId Named(IModelKind kind, ModelArtifact? artifact) => artifact?.Id
        ?? (kind.OwnVersion is { } own ? ModelId.Of(kind.Name, own) : throw new InvalidDataException($"The model '{kind.Name}' needs an artifact."));

    private IModelKind Find(ModelId id, ModelArtifact? artifact)
    {
        if (artifact is not null && artifact.Id != id) throw new InvalidDataException($"The artifact is of {artifact.Id}, not of {id}.");
        return _kinds.FirstOrDefault(kind => kind.Name == id.Name) ?? throw new InvalidDataException($"This program does not run the model '{id.Name}'.");
    }
}
