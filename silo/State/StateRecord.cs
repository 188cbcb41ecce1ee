namespace ControlPlane.Silo.State;

/// <summary>A stored state of a grain, as it moves between stores.</summary>
/// <param name="Storage">The storage's name.</param>
/// <param name="State">The state's name within the grain.</param>
/// <param name="Grain">The grain, <c>type/key</c>.</param>
/// <param name="Json">The state as UTF-8 JSON, byte for byte as stored.</param>
internal sealed record StateRecord(string Storage, string State, string Grain, ReadOnlyMemory<byte> Json)
{
    /// <summary>What the record is about, for people.</summary>
    public string Name => $"{State} of {Grain}";

    /// <summary>Whether another holds the same bytes.</summary>
    public bool HasSameState(ReadOnlyMemory<byte> json) => Json.Span.SequenceEqual(json.Span);
}
