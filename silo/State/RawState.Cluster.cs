using Orleans.Storage;

namespace ControlPlane.Silo.State;

/// <summary>A state as the bytes that are stored.</summary>
internal sealed class RawState
{
    public ReadOnlyMemory<byte> Json { get; init; }
}

/// <summary>Passes bytes through as they are, and leaves everything else to the serializer of the states.</summary>
internal sealed class RawStateSerializer(IGrainStorageSerializer inner) : IGrainStorageSerializer
{
    public BinaryData Serialize<T>(T? input) => input is RawState raw ? new BinaryData(raw.Json) : inner.Serialize(input);

    public T? Deserialize<T>(BinaryData input) =>
        typeof(T) == typeof(RawState) ? (T)(object)new RawState { Json = input.ToMemory() } : inner.Deserialize<T>(input);
}
