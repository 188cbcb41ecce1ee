using ControlPlane.Core;
using ControlPlane.Core.Policies;
using ControlPlane.Core.Scaling;
using ControlPlane.Embedded.Virtual;
using ControlPlane.GrainInterfaces;
using ControlPlane.Simulation.Cluster;

namespace ControlPlane.Grains.Tests.Behaviour;

/// <summary>Events that arrive twice or late change nothing.</summary>
public sealed class IdempotencyTests
{
    private const int Steps = 60;

    [Fact]
    public void Streams_EveryEventTwice_DecideAndWriteTheSame()
    {
        var (once, writesOnce) = Decide(0);
        var (twice, writesTwice) = Decide(1);

        Assert.Equal(once, twice);
        Assert.Equal(writesOnce.Select(Text), writesTwice.Select(Text));
        Assert.Contains(once, text => text.Contains("\"scaleUp\"", StringComparison.OrdinalIgnoreCase));
        Assert.NotEmpty(writesOnce);
    }

    [Fact]
    public void Streams_OldEventsAgain_ChangeNothing()
    {
        var scene = Scene.Of(Scene.Reactive with { Predictive = new PredictivePolicy() }, 60, 300, 5);
        DecisionRecord old = null!;
        ActuationResult result = null!;
        scene.Run(20, async (context, step) =>
        {
            if (step == 6) (old, result) = ((await scene.DecisionOf(context).GetRecords(99)).First(r => r.Decision.Action != ScalingAction.Hold), (await scene.ServiceOf(context).GetSnapshot()).Actuation!);
            if (step != 15) return;
            var (latest, records, writes) = (await scene.Record(context), await scene.DecisionOf(context).GetRecords(99), scene.ScaleWrites.Count);
            var forecast = await context.GrainFactory.GetGrain<IPredictorGrain>(scene.Key).GetForecast();

            await scene.Publish(context, StreamNames.Observations, old.Input.Observation);
            await scene.Publish(context, StreamNames.Observations, latest.Input.Observation);
            await scene.Publish(context, StreamNames.Forecasts, old.Input.Forecast!);
            await scene.Publish(context, StreamNames.Forecasts, latest.Input.Forecast!);
            await scene.Publish(context, StreamNames.Decisions, old.Decision);
            await scene.Publish(context, StreamNames.Actuations, result);

            Assert.Equal(records.Select(r => r.Decision.Id), (await scene.DecisionOf(context).GetRecords(99)).Select(r => r.Decision.Id));
            Assert.Equal(writes, scene.ScaleWrites.Count);
            Assert.Equal(CoreJson.ToBytes(forecast), CoreJson.ToBytes(await context.GrainFactory.GetGrain<IPredictorGrain>(scene.Key).GetForecast()));
            await context.AdvanceAsync(PolicyDocument.DefaultStep);
            Assert.True(CoreJson.ToBytes(latest.Before).Length > 2);
            var next = await scene.Record(context);
            Assert.Equal(latest.Decision.Sequence + 1, next.Decision.Sequence);
            Assert.Equal(CoreJson.ToBytes(DecisionPipeline.Decide(latest.Before, latest.Input).State), CoreJson.ToBytes(next.Before));
        });
    }

    [Fact]
    public void GetRecords_ManySteps_AreBounded()
    {
        var scene = Scene.Of(Scene.Reactive, 60, 300, 5);
        scene.Run(50, async (context, step) =>
        {
            var records = await scene.DecisionOf(context).GetRecords(int.MaxValue);
            Assert.InRange(records.Length, 1, 16);
            Assert.Equal(records.Select(r => r.Decision.Sequence).Distinct().OrderDescending(), records.Select(r => r.Decision.Sequence));
            if (step < 50) return;
            Assert.Contains(records, r => r.Decision.Action == ScalingAction.ScaleUp && r.Decision.Sequence < 20);
            Assert.NotNull(await scene.DecisionOf(context).GetRecord(records[^1].Decision.Id));
            Assert.Null(await scene.DecisionOf(context).GetRecord("demo/shop/deployment/web@1.1"));
            Assert.Empty(await scene.DecisionOf(context).GetRecords(0));
            Assert.Empty(await scene.DecisionOf(context).GetRecords(-1));
        });
    }

    private static (List<string> Decisions, IReadOnlyList<AuditEntry> Writes) Decide(double duplicates)
    {
        var scene = Scene.Of(Scene.Reactive with { Predictive = new PredictivePolicy() }, 60, 300, 10);
        var decisions = new List<string>();
        scene.Run(Steps, async (context, step) =>
        {
            if (step == 1) context.Faults[FaultKind.DuplicateEvent] = duplicates;
            decisions.Add(System.Text.Encoding.UTF8.GetString(CoreJson.ToBytes(await scene.Latest(context))));
            if (step == Steps && duplicates > 0) Assert.True(context.Faults.Count(FaultKind.DuplicateEvent) > Steps);
        });
        return (decisions, scene.ScaleWrites);
    }

    private static string Text(AuditEntry entry) => $"{entry.Time:O} {entry.UserAgent} {entry.FromReplicas} {entry.ToReplicas} {entry.StatusCode}";
}
