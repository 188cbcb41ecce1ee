using System.Collections.Immutable;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Forecasting.Network;

/// <summary>Trained weights of the networks that all workloads share, and where they come from. Never changed once made.</summary>
public sealed class CorrectionWeights
{
    /// <summary>Semantic version of the network's inputs and shape; other versions' weights are refused.</summary>
    public const string ModelVersion = "4.0.0";

    private const string Kind = "CPCN";
    private const ushort FormatVersion = 1;
    private const string Resource = "correction-network.bin";
    private static readonly Lazy<CorrectionWeights> Shipped = new(ReadShipped);

    internal CorrectionWeights(ImmutableArray<CorrectionNetwork> networks, CorrectionHeader header) => (Committee, Header) = (new CorrectionCommittee(networks), header);

    /// <summary>The weights that come with the program.</summary>
    public static CorrectionWeights Default => Shipped.Value;

    /// <summary>Where they come from.</summary>
    public CorrectionHeader Header { get; }

    internal CorrectionCommittee Committee { get; }

    /// <summary>The checksummed byte form: header, then the weights of each network as 32-bit floats.</summary>
    public byte[] Save()
    {
        var writer = new StateWriter(Kind, FormatVersion, 1024 * 1024);
        writer.Write(ModelVersion);
        writer.Write(Header.Seed);
        writer.Write(Header.Epochs);
        writer.Write(Header.Examples);
        writer.Write(Header.ValidationLoss);
        writer.Write(Header.From.UtcTicks);
        writer.Write(Header.To.UtcTicks);
        writer.Write(Header.Traces.Length);
        foreach (var name in Header.Traces) writer.Write(name);
        writer.Write(Committee.Networks.Length);
        foreach (var network in Committee.Networks)
        {
            writer.Write(network.Parameters.Count);
            writer.Write((ReadOnlySpan<float>)network.Parameters.Values);
        }

        return writer.ToBytes();
    }

    /// <summary>Reads what <see cref="Save"/> gave.</summary>
    /// <exception cref="InvalidDataException">The bytes are damaged, foreign, or of a network of another shape; the message says which.</exception>
    public static CorrectionWeights Load(ReadOnlySpan<byte> bytes)
    {
        var reader = new StateReader(bytes, Kind, FormatVersion, "a correction network");
        var version = reader.ReadString();
        if (version != ModelVersion) throw new InvalidDataException($"The correction network has version {version}; this program runs {ModelVersion}.");
        var (seed, epochs, examples, loss) = (reader.ReadUInt64(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadDouble());
        var (from, to) = (reader.ReadInt64(), reader.ReadInt64());
        if (from < 0 || to < from || to > DateTime.MaxValue.Ticks) throw reader.Flaw("its training window has no order");
        var names = new string[reader.ReadCount(sizeof(int))];
        for (var i = 0; i < names.Length; i++) names[i] = reader.ReadString();
        var networks = new CorrectionNetwork[reader.ReadCount(sizeof(int))];
        if (networks.Length == 0) throw reader.Flaw("it has no network");
        for (var i = 0; i < networks.Length; i++) networks[i] = ReadNetwork(ref reader);
        reader.End();
        var (start, end) = (new DateTimeOffset(from, TimeSpan.Zero), new DateTimeOffset(to, TimeSpan.Zero));
        return new CorrectionWeights([.. networks], new CorrectionHeader(seed, epochs, examples, loss, start, end, [.. names]));
    }

    private static CorrectionNetwork ReadNetwork(ref StateReader reader)
    {
        var network = new CorrectionNetwork(0);
        var count = reader.ReadInt32();
        if (count != network.Parameters.Count) throw reader.Flaw($"it has {count} weights and not {network.Parameters.Count}");
        reader.Read(network.Parameters.Values);
        foreach (var weight in network.Parameters.Values)
        {
            if (!float.IsFinite(weight)) throw reader.Flaw("a weight is not a number");
        }

        return network;
    }

    private static CorrectionWeights ReadShipped()
    {
        using var stream = typeof(CorrectionWeights).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"The program was built without its resource {Resource}.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return Load(bytes);
    }
}
