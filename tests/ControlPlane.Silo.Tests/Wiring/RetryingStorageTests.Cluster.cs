using ControlPlane.Silo.Health;
using ControlPlane.Silo.Wiring;
using Npgsql;
using Orleans;
using Orleans.Runtime;
using Orleans.Storage;
using StateSerializer = ControlPlane.Embedded.Storage.JsonGrainStorageSerializer;

namespace ControlPlane.Silo.Tests.Wiring;

public sealed class RetryingStorageTests
{
    private static readonly GrainId Grain = GrainId.Create("policy", "a");
    private readonly Flaky _inner = new();
    private readonly StoreHealth _health = new();
    private readonly Quick _time = new();

    private RetryingStorage Storage => new(_inner, new StateSerializer(), _health, _time);

    [Fact]
    public async Task Write_ThatFailsInPassing_IsRepeatedWithGrowingPauses()
    {
        _inner.Failures.Enqueue(Gone());
        _inner.Failures.Enqueue(Gone());
        var state = new GrainState<string> { State = "x" };

        await Storage.WriteStateAsync("policy", Grain, state);

        Assert.Equal(("x", 1), _inner.Stored);
        Assert.Equal("1", state.ETag);
        Assert.Equal([100, 200], _time.Pauses.Select(p => p.TotalMilliseconds));
    }

    [Fact]
    public async Task Write_WhoseAnswerWasLost_IsNotTakenForAnothers()
    {
        _inner.Failures.Enqueue(Gone());
        _inner.StoresBeforeItFails = true;
        var state = new GrainState<string> { State = "x" };

        await Storage.WriteStateAsync("policy", Grain, state);

        Assert.Equal(("x", 1), _inner.Stored);
        Assert.Equal(("1", true), (state.ETag, state.RecordExists));
    }

    [Fact]
    public async Task Write_OverAnothersState_IsRefusedAtOnce()
    {
        _inner.Stored = ("another's", 4);

        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.WriteStateAsync("policy", Grain, new GrainState<string> { State = "x", ETag = "3" }));

        Assert.Equal(("another's", 4), _inner.Stored);
        Assert.Empty(_time.Pauses);
    }

    [Fact]
    public async Task Write_ThatFailsForLong_EndsInAFailureThatTravels()
    {
        for (var i = 0; i < 100; i++) _inner.Failures.Enqueue(Gone());

        var error = await Assert.ThrowsAsync<OrleansException>(() => Storage.WriteStateAsync("policy", Grain, new GrainState<string> { State = "x" }));

        Assert.Contains("policy of policy/a was not stored: gone", error.Message, StringComparison.Ordinal);
        Assert.Null(error.InnerException);
        Assert.InRange(_time.Pauses.Sum(p => p.TotalSeconds), 1, 2);
    }

    [Fact]
    public async Task Read_WhileTheDatabaseIsKnownToBeGone_IsNotRepeated()
    {
        _health.Failed("gone", DateTimeOffset.UnixEpoch);
        _inner.Failures.Enqueue(Gone());

        await Assert.ThrowsAsync<OrleansException>(() => Storage.ReadStateAsync("policy", Grain, new GrainState<string>()));

        Assert.Empty(_time.Pauses);
    }

    private static NpgsqlException Gone() => new("connection", new IOException("gone"));

    /// <summary>One state; a call fails while there are failures.</summary>
    private sealed class Flaky : IGrainStorage
    {
        public Queue<Exception> Failures { get; } = [];

        public bool StoresBeforeItFails { get; set; }

        public (string? State, int Version) Stored { get; set; }

        public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            if (Failures.TryDequeue(out var failure)) throw failure;
            grainState.State = (T)(object)Stored.State!;
            (grainState.ETag, grainState.RecordExists) = (Stored.Version.ToString(System.Globalization.CultureInfo.InvariantCulture), Stored.Version > 0);
            return Task.CompletedTask;
        }

        public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            var fails = Failures.TryDequeue(out var failure);
            if (fails && !StoresBeforeItFails) throw failure!;
            if ((grainState.ETag ?? "0") != Stored.Version.ToString(System.Globalization.CultureInfo.InvariantCulture)) throw new InconsistentStateException("version");
            Stored = ((string)(object)grainState.State!, Stored.Version + 1);
            if (fails) throw failure!;
            (grainState.ETag, grainState.RecordExists) = (Stored.Version.ToString(System.Globalization.CultureInfo.InvariantCulture), true);
            return Task.CompletedTask;
        }

        public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => throw new NotSupportedException();
    }

    /// <summary>Time that passes at once when somebody waits.</summary>
    private sealed class Quick : TimeProvider
    {
        private long _ticks;

        public List<TimeSpan> Pauses { get; } = [];

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Pauses.Add(dueTime);
            _ticks += dueTime.Ticks;
            return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
        }
    }
}
