using System.Collections.Immutable;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace ControlPlane.Grains.Tests.Messages;

/// <summary>Types that break one rule each: what the rules must find.</summary>
public static class BadSamples
{
    [Alias("bad.NoSerializer"), Immutable]
    public sealed record NoSerializer;

    [GenerateSerializer, Immutable]
    public sealed record NoAlias;

    [GenerateSerializer, Alias("bad.NotImmutable")]
    public sealed record NotImmutable;

    [GenerateSerializer, Immutable, Alias("bad.NotSealed")]
    public record NotSealed;

    [GenerateSerializer, Immutable, Alias("bad.NotARecord")]
    public sealed class NotARecord;

    [GenerateSerializer, Immutable, Alias("bad.MutableStruct")]
    public record struct MutableStruct;

    [GenerateSerializer, Alias("bad.NoAlias.Inner")]
    public enum SameAlias;

    [GenerateSerializer, Alias("bad.NoAlias.Inner")]
    public enum SameAliasAgain;

    [GenerateSerializer, Immutable, Alias("bad.NoId")]
    public sealed record NoId
    {
        public int Value { get; init; }
    }

    [GenerateSerializer, Immutable, Alias("bad.FieldWithoutId")]
    public sealed record FieldWithoutId(int Start)
    {
        private readonly int _value = Start;

        public int Sum() => _value + 1;
    }

    [GenerateSerializer, Immutable, Alias("bad.SameId")]
    public sealed record SameId
    {
        [Id(1)] public int A { get; init; }

        [Id(1)] public int B { get; init; }
    }

    [GenerateSerializer, Immutable, Alias("bad.IdOnComputed")]
    public sealed record IdOnComputed
    {
        [Id(0)] public int Twice => 2;
    }

    [GenerateSerializer, Immutable, Alias("bad.Settable")]
    public sealed record Settable
    {
        [Id(0)] public int Value { get; set; }
    }

    [GenerateSerializer, Immutable, Alias("bad.WithArray")]
    public sealed record WithArray
    {
        [Id(0)] public int[] Values { get; init; } = [];
    }

    [GenerateSerializer, Immutable, Alias("bad.WithList")]
    public sealed record WithList
    {
        [Id(0)] public List<int> Values { get; init; } = [];
    }

    [GenerateSerializer, Immutable, Alias("bad.WithInterface")]
    public sealed record WithInterface
    {
        [Id(0)] public IReadOnlyList<int> Values { get; init; } = [];
    }

    [GenerateSerializer, Immutable, Alias("bad.WithDateTime")]
    public sealed record WithDateTime
    {
        [Id(0)] public DateTime Time { get; init; }
    }

    [GenerateSerializer, Immutable, Alias("bad.WithHashOrder")]
    public sealed record WithHashOrder
    {
        [Id(0)] public ImmutableDictionary<string, int> Values { get; init; } = ImmutableDictionary<string, int>.Empty;
    }

    [GenerateSerializer, Immutable, Alias("bad.Deep")]
    public sealed record Deep
    {
        [Id(0)] public ImmutableArray<WithArray>? Inner { get; init; }
    }

    /// <summary>A message that only this class can name.</summary>
    public static Type HiddenMessage => typeof(Hidden);

    public interface INoAliasGrain : IGrainWithStringKey;

    [Alias("bad.IGuidGrain")]
    public interface IGuidGrain : IGrain;

    [Alias("bad.IPropertyGrain")]
    public interface IPropertyGrain : IGrainWithStringKey
    {
        int Count { get; }
    }

    [Alias("bad.IMethodsGrain")]
    public interface IMethodsGrain : IGrainWithStringKey
    {
        Task NoAlias();

        [Alias("Same")]
        Task First();

        [Alias("Same")]
        Task Second();

        [Alias("Returns")]
        int Returns();

        [Alias("Result")]
        Task<List<int>> Result();

        [Alias("ByReference")]
        Task ByReference(ref int value);

        [Alias("Parameter")]
        Task Parameter(int[] values);

        [Alias("TokenFirst")]
        Task TokenFirst(CancellationToken cancellationToken, int value);
    }

    [Alias("bad.IHiddenGrain")]
    internal interface IHiddenGrain : IGrainWithStringKey;

    // Generic, so that no engine takes them for grains of the program.
    public class UnnamedGrain<T> : Grain
    {
        [AlwaysInterleave]
        public static Task<T?> Get() => Task.FromResult(default(T));
    }

    [GrainType("bad"), Alias("bad.Grain"), GenerateSerializer, ImplicitStreamSubscription("bad")]
    public sealed class AliasedGrain<T>([PersistentState("bad")] IPersistentState<WithList> state) : Grain
    {
        public T? Count() => state.State.Values.Count > 0 ? default : throw new InvalidOperationException();
    }

    [GrainType("bad")]
    public sealed class SameTypeGrain<T> : Grain
    {
        public static T? Get() => default;
    }

    [GrainType("bad-await")]
    public sealed class AwaitsElsewhereGrain<T> : Grain
    {
        public static async Task<T?> Get()
        {
            await Task.CompletedTask.ConfigureAwait(false);
            return default;
        }
    }

    [GenerateSerializer, Immutable, Alias("bad.Hidden")]
    private sealed record Hidden;
}
