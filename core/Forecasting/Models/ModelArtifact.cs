using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.Models;

/// <summary>
/// A trained version of a model as bytes that can be stored, moved and loaded again: a format version, the model's id, its hyper-parameters, what
/// it was trained on, its scores there, the weights, and a checksum (CRC-32C) over all of it.
/// </summary>
public sealed record ModelArtifact
{
    /// <summary>Most bytes of an artifact, 4 MiB.</summary>
    public const int MaxBytes = 4 << 20;

    /// <summary>Newest format that this program reads and the one that it writes.</summary>
    public const ushort FormatVersion = 1;

    private const string Kind = "CPMA";
    private const string What = "a model artifact";
    private const int MostValues = 1024;
    private const int LongestValueName = 128;

    /// <summary>The version that the artifact is of.</summary>
    public required ModelId Id { get; init; }

    /// <summary>Hyper-parameters by name, each finite.</summary>
    public ImmutableArray<NamedValue> Parameters { get; init; } = [];

    /// <summary>What it was trained on; null when that is not known.</summary>
    public TrainingWindow? Training { get; init; }

    /// <summary>Scores on held-out training data by name, each finite.</summary>
    public ImmutableArray<NamedValue> Scores { get; init; } = [];

    /// <summary>The weights in the model's own form; empty when the parameters say it all.</summary>
    public ImmutableArray<byte> Payload { get; init; } = [];

    /// <summary>The hyper-parameter of a name.</summary>
    /// <exception cref="InvalidDataException">There is none.</exception>
    public double Parameter(string name)
    {
        foreach (var parameter in Parameters)
            if (parameter.Name == name) return parameter.Value;
        throw new InvalidDataException($"The artifact of {Id} lacks the parameter '{name}'.");
    }

    /// <summary>The byte form.</summary>
    /// <exception cref="InvalidDataException">It would be larger than <see cref="MaxBytes"/>, or holds what <see cref="Load"/> would refuse.</exception>
    public byte[] Save()
    {
        if (Payload.Length > MaxBytes) throw TooLarge(Payload.Length);
        CheckValues(Parameters);
        CheckValues(Scores);
        var writer = new StateWriter(Kind, FormatVersion, Payload.Length + 1024);
        writer.Write(Id.ToString());
        Write(writer, Parameters);
        writer.Write(Training is not null);
        if (Training is { } training)
        {
            writer.Write(training.From.UtcTicks);
            writer.Write(training.To.UtcTicks);
            writer.Write(training.Step.Ticks);
            writer.Write(training.Series);
        }
        Write(writer, Scores);
        writer.Write(Payload.Length);
        writer.Write(Payload.AsSpan());
        var bytes = writer.ToBytes();
        return bytes.Length <= MaxBytes ? bytes : throw TooLarge(bytes.Length);
    }

    /// <summary>Reads what <see cref="Save"/> gave.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="name">The model that it must be of; null: any.</param>
    /// <exception cref="InvalidDataException">The bytes are too many, damaged, foreign, of a newer format, or another model's; the message says which.</exception>
    public static ModelArtifact Load(ReadOnlySpan<byte> bytes, string? name = null)
    {
        if (bytes.Length > MaxBytes) throw TooLarge(bytes.Length);
        var reader = new StateReader(bytes, Kind, FormatVersion, What);
        var text = reader.ReadString();
        if (!ModelId.TryParse(text, out var id)) throw reader.Flaw("it names no model");
        if (name is not null && id.Name != name) throw new InvalidDataException($"The artifact is of the model '{id.Name}', not of '{name}'.");
        var artifact = new ModelArtifact
        {
            Id = id,
            Parameters = ReadValues(ref reader),
            Training = ReadTraining(ref reader),
            Scores = ReadValues(ref reader),
            Payload = ReadPayload(ref reader),
        };
        reader.End();
        return artifact;
    }

    private static void Write(StateWriter writer, ImmutableArray<NamedValue> values)
    {
        writer.Write(values.Length);
        foreach (var value in values)
        {
            writer.Write(value.Name);
            writer.Write(value.Value);
        }
    }

    private static ImmutableArray<NamedValue> ReadValues(ref StateReader reader)
    {
        var count = reader.ReadCount(sizeof(int) + sizeof(double));
        if (count > MostValues) throw reader.Flaw($"it holds {count} values");
        var values = ImmutableArray.CreateBuilder<NamedValue>(count);
        for (var i = 0; i < count; i++) values.Add(new NamedValue(reader.ReadString(), reader.ReadDouble()));
        var read = values.MoveToImmutable();
        CheckValues(read);
        return read;
    }

    private static TrainingWindow? ReadTraining(ref StateReader reader)
    {
        if (!reader.ReadBoolean()) return null;
        var (from, to, step, series) = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt32());
        if (from < 0 || to < from || to > DateTime.MaxValue.Ticks || step <= 0 || series < 1) throw reader.Flaw("its training window cannot be");
        return new TrainingWindow { From = new DateTimeOffset(from, TimeSpan.Zero), To = new DateTimeOffset(to, TimeSpan.Zero), Step = new TimeSpan(step), Series = series };
    }

    private static ImmutableArray<byte> ReadPayload(ref StateReader reader)
    {
        var payload = new byte[reader.ReadCount(1)];
        reader.Read(payload);
        return ImmutableCollectionsMarshal.AsImmutableArray(payload);
    }

    private static void CheckValues(ImmutableArray<NamedValue> values)
    {
        if (values.Length > MostValues) throw new InvalidDataException($"A model artifact has {values.Length} values of a kind; at most {MostValues} are taken.");
        foreach (var (name, value) in values)
        {
            if (string.IsNullOrEmpty(name) || name.Length > LongestValueName) throw new InvalidDataException("A model artifact has a value without a name, or with one too long.");
            if (!double.IsFinite(value)) throw new InvalidDataException($"The value '{name}' of a model artifact is not finite.");
        }
    }

    private static InvalidDataException TooLarge(int length) => new($"A model artifact of {length} bytes is refused: at most {MaxBytes} are taken.");
}
