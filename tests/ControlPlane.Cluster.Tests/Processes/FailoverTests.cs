using System.Globalization;
using Xunit.Abstractions;

namespace ControlPlane.Cluster.Tests.Processes;

/// <summary>What becomes of a fleet under load when silos or the database go away. The measured times are in the tests' output.</summary>
[Collection(FleetCollection.Name)]
public sealed class FailoverTests(Fleet fleet, ITestOutputHelper output)
{
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(20);

    [PostgresTheory]
    [InlineData(3)]
    [InlineData(14)]
    public async Task Kill9_OfTheBusiestSilo_EveryServiceDecidesAgainAndNothingIsLost(int secondOfTheStep)
    {
        await fleet.CompleteAsync();
        await using var acknowledged = Acknowledged.Start(fleet, $"kill{secondOfTheStep}");
        var victim = await fleet.BusiestAsync();
        var before = WriteAudit.Of(fleet.Cluster);
        Assert.NotEmpty(before);

        await Eventually.HoldsAsync(() => Task.FromResult(TimeProvider.System.GetUtcNow().Second % 15), second => second == secondOfTheStep, "that second of a step");
        var killed = TimeProvider.System.GetUtcNow();
        victim.Send(Signal.Kill);
        await victim.WaitForExitAsync();
        var recovery = await fleet.EveryServiceDecidesAfterAsync(killed);

        Report($"silo killed at second {killed.Second % 15 + killed.Millisecond / 1000.0:0.0} of the step; {recovery}; {acknowledged.Count} acknowledged");
        await acknowledged.AssertKeptAsync();
        await Eventually.HoldsAsync(() => Task.FromResult(WriteAudit.Of(fleet.Cluster).Count), count => count > before.Count, "the fleet acts again");
        WriteAudit.AssertFenced(WriteAudit.Of(fleet.Cluster));
    }

    [PostgresFact]
    public async Task Stop_OfASiloThatIsTakenForDeadAndGoesOn_WritesNothingOfItsOldEpochs()
    {
        await fleet.CompleteAsync();
        var victim = await fleet.BusiestAsync();

        var stopped = TimeProvider.System.GetUtcNow();
        victim.Send(Signal.Stop);
        var recovery = await fleet.EveryServiceDecidesAfterAsync(stopped, except: victim);
        victim.Send(Signal.Continue);
        await victim.WaitForExitAsync();

        Report($"silo frozen; {recovery}");
        await fleet.EveryServiceDecidesAfterAsync(TimeProvider.System.GetUtcNow());
        WriteAudit.AssertFenced(WriteAudit.Of(fleet.Cluster));
    }

    [PostgresFact]
    public async Task RollingRestart_UnderLoad_LosesNothing()
    {
        await fleet.CompleteAsync();
        await using var acknowledged = Acknowledged.Start(fleet, "rolling");

        foreach (var silo in fleet.Silos)
        {
            var told = TimeProvider.System.GetTimestamp();
            silo.Send(Signal.Terminate);
            await silo.WaitForExitAsync();
            Report($"silo told to end; it did after {TimeProvider.System.GetElapsedTime(told).TotalSeconds:0.0} s");
            await fleet.CompleteAsync();
        }

        var recovery = await fleet.EveryServiceDecidesAfterAsync(TimeProvider.System.GetUtcNow());
        Report($"three silos replaced; {recovery}; {acknowledged.Count} acknowledged");
        await acknowledged.AssertKeptAsync();
        WriteAudit.AssertFenced(WriteAudit.Of(fleet.Cluster));
    }

    [PostgresFact]
    public async Task PostgreSqlStopped_ForAWhile_DecisionsGoOnAndAcknowledgedWritesStay()
    {
        await fleet.CompleteAsync();
        var silos = fleet.Silos;
        // A new silo takes places of grains over. What has to start anew then needs the database, so the outage begins after it.
        await fleet.EveryServiceDecidesAfterAsync(TimeProvider.System.GetUtcNow());
        await using var acknowledged = Acknowledged.Start(fleet, "outage");
        await Eventually.HoldsAsync(() => Task.FromResult(acknowledged.Count), count => count > 8, "something was acknowledged before the outage");

        await fleet.Database.StopAsync();
        var stopped = TimeProvider.System.GetUtcNow();
        var without = await fleet.EveryServiceDecidesAfterAsync(stopped);
        await Eventually.HoldsAsync(() => Task.FromResult(TimeProvider.System.GetUtcNow() - stopped), time => time > Outage, "the outage lasts");
        await fleet.Database.StartAsync();
        var kept = acknowledged.Count;
        await Eventually.HoldsAsync(() => Task.FromResult(acknowledged.Count), count => count > kept, "writes are acknowledged again");

        Report($"without PostgreSQL: {without}");
        await fleet.EveryServiceDecidesAfterAsync(TimeProvider.System.GetUtcNow());
        await acknowledged.AssertKeptAsync();
        Assert.Equal(silos.Select(silo => silo.Name), fleet.Silos.Select(silo => silo.Name));
        WriteAudit.AssertFenced(WriteAudit.Of(fleet.Cluster));
    }

    private void Report(FormattableString text) => output.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
