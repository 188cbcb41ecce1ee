namespace Orleans.Streams;

/// <summary>The place of an event in a stream: later events compare greater.</summary>
[GenerateSerializer]
public abstract class StreamSequenceToken : IEquatable<StreamSequenceToken?>, IComparable<StreamSequenceToken?>
{
    /// <summary>The number of the batch that the event came in.</summary>
    public abstract long SequenceNumber { get; protected set; }

    /// <summary>The event's number within its batch.</summary>
    public abstract int EventIndex { get; protected set; }

    /// <inheritdoc/>
    public abstract bool Equals(StreamSequenceToken? other);

    /// <inheritdoc/>
    public abstract int CompareTo(StreamSequenceToken? other);
}
