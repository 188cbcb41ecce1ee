using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using ControlPlane.Embedded.Runtime;
using Orleans.Streams;
using Orleans.Streams.Core;

namespace ControlPlane.Embedded.Streams;

/// <summary>A subscription as its activation sees it.</summary>
internal sealed class EmbeddedSubscription<T>(Activation activation, StreamId streamId, string providerName) : StreamSubscriptionHandle<T>
{
    private Guid? _id;

    public override StreamId StreamId => streamId;

    public override string ProviderName => providerName;

    public override Guid HandleId => _id ??= MakeId();

    public override Task UnsubscribeAsync()
    {
        activation.SetObserver(providerName, streamId, null);
        return Task.CompletedTask;
    }

    public override Task<StreamSubscriptionHandle<T>> ResumeAsync(IAsyncObserver<T> observer, StreamSequenceToken? token = null)
    {
        ArgumentNullException.ThrowIfNull(observer);
        activation.SetObserver(providerName, streamId, observer);
        return Task.FromResult<StreamSubscriptionHandle<T>>(this);
    }

    public override bool Equals(StreamSubscriptionHandle<T>? other) => other is not null && other.HandleId == HandleId;

    public override bool Equals(object? obj) => Equals(obj as StreamSubscriptionHandle<T>);

    public override int GetHashCode() => BinaryPrimitives.ReadInt32LittleEndian(HandleId.ToByteArray());

    // The same in every process: made of what it names.
    private Guid MakeId() => new(SHA256.HashData(Encoding.UTF8.GetBytes($"{providerName}|{streamId}|{activation.GrainId}")).AsSpan(0, 16));
}

internal sealed class EmbeddedHandleFactory(Activation activation, StreamId streamId, string providerName) : IStreamSubscriptionHandleFactory
{
    public StreamId StreamId => streamId;

    public string ProviderName => providerName;

    public StreamSubscriptionHandle<T> Create<T>() => new EmbeddedSubscription<T>(activation, streamId, providerName);
}
