using Orleans.Runtime;
using Orleans.Storage;

namespace ControlPlane.Contract.Tests.State;

[Collection(ContractCollection.Name)]
public sealed class StateTests(ContractSilo silo)
{
    private const string Probed = "ControlPlane.Contract.Tests.State.NotesGrain";
    private const string Kept = "ControlPlane.Contract.Tests.State.KeptNotesGrain";

    [Fact]
    public async Task State_ThatExists_IsReadBeforeActivation()
    {
        ProbeStorage.Overwrite("exists", "old");

        Assert.Equal("old", await Grain("exists").TextAtActivation());
    }

    [Theory]
    [InlineData(Probed)]
    [InlineData(Kept)]
    public async Task State_NeverWritten_IsNewAndHasNoRecord(string grainClass)
        => Assert.Equal((string.Empty, false, false), await Grain("fresh", grainClass).Read());

    [Theory]
    [InlineData(Probed)]
    [InlineData(Kept)]
    public async Task State_Written_SurvivesTheActivation(string grainClass)
    {
        var grain = Grain("survives", grainClass);
        await grain.Write("kept");
        Assert.Equal(("kept", true, true), await grain.Read());
        await grain.End();

        Assert.Equal("kept", await grain.TextAtActivation());
    }

    [Theory]
    [InlineData(Probed)]
    [InlineData(Kept)]
    public async Task State_Cleared_IsNewAndCanBeWrittenAgain(string grainClass)
    {
        var grain = Grain("cleared", grainClass);
        await grain.Write("first");
        await grain.Clear();
        Assert.Equal((string.Empty, false, false), await grain.Read());
        await grain.Write("second");
        await grain.End();

        Assert.Equal("second", await grain.TextAtActivation());
    }

    [Fact]
    public async Task State_ChangedByAnother_ConflictPassesThroughAndActivationDies()
    {
        var grain = Grain("conflict");
        await grain.Write("mine");
        ProbeStorage.Overwrite("conflict", "theirs");

        await Assert.ThrowsAsync<InconsistentStateException>(() => grain.Write("mine again"));

        Assert.Equal("theirs", await grain.TextAtActivation());
        Assert.Equal(2, Probe.Of("conflict").Count("activated"));
        await grain.Write("now mine");
        Assert.Equal(3, ProbeStorage.WritesOf("conflict"));
    }

    [Fact]
    public async Task Write_StorageFails_CallerGetsOrleansExceptionWithTheCauseAndActivationLives()
    {
        var grain = Grain("io");
        await grain.Write("one");
        ProbeStorage.FailOnce("io", new IOException("disk full"));

        var exception = await Assert.ThrowsAsync<OrleansException>(() => grain.Write("two"));

        Assert.Equal("disk full", Assert.IsType<IOException>(exception.InnerException).Message);
        await grain.Write("three");
        Assert.Equal(1, Probe.Of("io").Count("activated"));
    }

    [Fact]
    public async Task Activation_StorageFails_CallFailsAndNextOneTriesAgain()
    {
        ProbeStorage.Overwrite("io-read", "there");
        ProbeStorage.FailOnce("io-read", new IOException("no disk"));
        var grain = Grain("io-read");

        var exception = await Assert.ThrowsAsync<OrleansException>(grain.TextAtActivation);

        Assert.IsType<IOException>(exception.InnerException);
        Assert.Equal("there", await grain.TextAtActivation());
    }

    [Fact]
    public async Task Read_AfterChangeElsewhere_GivesTheStoredState()
    {
        var grain = Grain("refresh");
        await grain.Write("mine");
        ProbeStorage.Overwrite("refresh", "theirs");
        await grain.Refresh();

        Assert.Equal(("theirs", true, true), await grain.Read());
    }

    [Fact]
    public async Task State_UsedOffTheActivation_Throws()
        => await Assert.ThrowsAnyAsync<InvalidOperationException>(Grain("elsewhere").ReadElsewhere);

    private INotesGrain Grain(string key, string grainClass = Probed) => silo.Client.GetGrain<INotesGrain>(key, grainClass);
}
