namespace ControlPlane.Contract.Tests.Calls;

[Collection(ContractCollection.Name)]
public sealed class CallTests(ContractSilo silo)
{
    [Fact]
    public async Task Calls_ManyAtOnceToOneKey_OneActivationAndNoLostUpdate()
    {
        const int Callers = 50;
        var tasks = Enumerable.Range(0, Callers).Select(_ => Grain("many").Add(1));

        var results = await Task.WhenAll(tasks);

        Assert.Equal(Enumerable.Range(1, Callers), results.Order());
        Assert.Equal(1, Probe.Of("many").Count("constructed"));
    }

    [Fact]
    public async Task Call_WhileAnotherAwaits_WaitsForItsEnd()
    {
        var grain = Grain("block");
        var first = grain.Block("a");
        await Probe.Of("block").WaitAsync("entered-a");
        var second = grain.Block("b");
        await grain.Peek();

        Assert.False(Probe.Of("block").IsSignalled("entered-b"));
        Probe.Of("block").Signal("leave-a");
        Probe.Of("block").Signal("leave-b");
        await Task.WhenAll(first, second);
        Assert.Equal(["left-a", "left-b"], Probe.Of("block").Log.Where(entry => entry.StartsWith("left", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task AlwaysInterleave_WhileAnotherAwaits_RunsBetweenItsTurns()
    {
        var grain = Grain("peek");
        await grain.Add(3);
        var blocked = grain.Block("a");
        await Probe.Of("peek").WaitAsync("entered-a");

        Assert.Equal(3, await grain.Peek());
        Assert.False(blocked.IsCompleted);
        Probe.Of("peek").Signal("leave-a");
        await blocked;
    }

    [Fact]
    public async Task ReadOnly_WhileAnotherReads_RunsBetweenItsTurns()
    {
        var grain = Grain("read");
        var first = grain.BlockReading("a");
        var second = grain.BlockReading("b");

        await Probe.Of("read").WaitAsync("entered-a");
        await Probe.Of("read").WaitAsync("entered-b");
        Probe.Of("read").Signal("leave-a");
        Probe.Of("read").Signal("leave-b");
        await Task.WhenAll(first, second);
    }

    [Fact]
    public async Task Reentrant_TwoCalls_RunBetweenEachOthersTurns()
    {
        var grain = silo.Client.GetGrain<IReentrantGrain>("reentrant");
        var first = grain.Block("a");
        var second = grain.Block("b");

        await Probe.Of("reentrant").WaitAsync("entered-a");
        await Probe.Of("reentrant").WaitAsync("entered-b");
        Probe.Of("reentrant").Signal("leave-a");
        Probe.Of("reentrant").Signal("leave-b");
        await Task.WhenAll(first, second);
    }

    [Fact]
    public async Task StatelessWorker_ThreeCallsTwoWorkers_TwoRunAtOnceThenTheThird()
    {
        var grain = silo.Client.GetGrain<IWorkerGrain>("worker");
        var probe = Probe.Of("worker");
        var calls = new[] { grain.Block("a"), grain.Block("b"), grain.Block("c") };
        await Probe.EventuallyAsync(() => Entered(probe) == 2, "two workers work");

        Assert.Equal(2, probe.Count("constructed"));
        foreach (var name in new[] { "a", "b", "c" })
        {
            probe.Signal("leave-" + name);
        }

        await Task.WhenAll(calls);
        Assert.Equal(3, Entered(probe));
        Assert.Equal(2, probe.Count("constructed"));
    }

    [Fact]
    public async Task Await_InsideGrain_ComesBackToTheActivation() => Assert.True(await Grain("awaits").AwaitsComeBack());

    [Fact]
    public async Task Exception_AfterAwait_ReachesTheCallerAsItWas()
    {
        var exception = await Assert.ThrowsAsync<ArgumentException>(() => Grain("fail").Fail("wrong"));

        Assert.Equal("wrong", exception.Message);
        Assert.Equal(1, await Grain("fail").Add(1));
    }

    [Fact]
    public async Task Exception_BeforeFirstAwait_ReachesTheCallerAsItWas()
        => Assert.Equal("at once", (await Assert.ThrowsAsync<NotSupportedException>(() => Grain("fail-now").FailBeforeFirstAwait())).Message);

    [Fact]
    public async Task Exception_OfOwnType_KeepsItsMembers()
        => Assert.Equal(42, (await Assert.ThrowsAsync<OwnException>(() => Grain("fail-own").FailWithOwn(42))).Code);

    [Fact]
    public async Task ValueTask_WithAndWithoutResult_IsAnswered()
    {
        Assert.Equal(14, await Grain("value").Twice(7));
        await Grain("value").Nothing();
    }

    [Fact]
    public async Task Key_WithSlashesAndSpaces_IsKept()
        => Assert.Equal("cluster/name space/Deployment/x", await Grain("cluster/name space/Deployment/x").Key());

    [Fact]
    public async Task Reference_AsArgument_CanBeCalled()
        => Assert.Equal("other", await Grain("one").KeyOf(Grain("other")));

    [Fact]
    public async Task Message_ThereAndBack_IsEqual()
    {
        var message = new Message { Text = "x", When = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(1)) };

        Assert.Equal(message, await Grain("echo").Echo(message));
    }

    private static int Entered(Probe probe) => new[] { "a", "b", "c" }.Count(name => probe.IsSignalled("entered-" + name));

    private ICallGrain Grain(string key) => silo.Client.GetGrain<ICallGrain>(key);
}
