using System.Runtime.InteropServices;
using ControlPlane.Core.Anomalies.Watch;
using ControlPlane.Core.Metrics;
using ControlPlane.GrainInterfaces;
using ControlPlane.Grains.Prediction;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Storage;

namespace ControlPlane.Grains.Tests.Behaviour;

/// <summary>From the signals of a service to an anomaly on the stream, an operator's label, and a restart.</summary>
public sealed class AnomalyTests
{
    private static readonly byte[] Learnt = Learn();

    [Fact]
    public void Signals_UnlikeTheirPast_AreReportedAndNobodyIsHealed()
    {
        var scene = Scene.Of(Scene.Reactive, 60, configure: Warm);
        scene.Run(16, async (context, step) =>
        {
            if (step != 16) return;
            var found = (await Predictor(scene, context).GetAnomalies()).Anomalies;
            Assert.NotEmpty(found);
            Assert.Equal(WorkloadWatch.SignalsKind, found[^1].Kind);
            var report = (await scene.ServiceOf(context).GetSnapshot()).Anomaly!;
            Assert.Contains(found, a => a.Kind == report.Kind && a.Episode.Detected == report.Episode!.Detected);
            Assert.Empty(await scene.DecisionOf(context).GetHealing());
        });

        Assert.DoesNotContain(scene.Twin.Cluster.Audit, a => a.Path.EndsWith("/eviction", StringComparison.Ordinal));
    }

    [Fact]
    public void Label_CrashRightAfterIt_IsKept()
    {
        var scene = Scene.Of(Scene.Reactive, 60, configure: Warm);
        scene.Run(16, async (context, step) =>
        {
            if (step != 16) return;
            var id = (await Predictor(scene, context).GetAnomalies()).Anomalies[^1].Id;
            Assert.Null(await Predictor(scene, context).LabelAnomaly("signals@20000101T000000Z", isReal: false));
            Assert.False((await Predictor(scene, context).LabelAnomaly(id, isReal: false))!.IsReal);
            await context.CrashAndRestartAsync();
            var overview = await Predictor(scene, context).GetAnomalies();
            Assert.False(overview.Anomalies.Single(a => a.Id == id).IsReal);
            Assert.Equal(1.1, overview.Detectors[0].Factor, 9);
        });
    }

    [Fact]
    public void Watch_SwitchedOff_LearnsAndReportsNothing()
    {
        var scene = Scene.Of(Scene.Reactive, 60, configure: services =>
        {
            Warm(services);
            services.AddSingleton(new WatchOptions { FalseAlarmsPerMonth = 0 });
        });
        scene.Run(16, async (context, step) =>
        {
            if (step != 16) return;
            Assert.Equal((0, 0), ((await Predictor(scene, context).GetAnomalies()).Anomalies.Length, (await Predictor(scene, context).GetAnomalies()).Detectors.Length));
            Assert.Null((await scene.ServiceOf(context).GetSnapshot()).Anomaly);
        });
    }

    private static IPredictorGrain Predictor(Scene scene, Embedded.Virtual.VirtualContext context) => context.GrainFactory.GetGrain<IPredictorGrain>(scene.Key);

    /// <summary>A watch over another, busier service: to it the scene's is unlike all that it saw.</summary>
    private static byte[] Learn()
    {
        var (watch, step, random) = (new WorkloadWatch(new WatchOptions(), TimeSpan.FromMinutes(1)), TimeSpan.FromMinutes(1), 1u);
        double Noise() => ((random = random * 1664525 + 1013904223) >> 8) / (double)(1 << 24) - 0.5;
        for (var time = Cli.Demo.DemoScenario.Start - TimeSpan.FromDays(6); time < Cli.Demo.DemoScenario.Start; time += step)
        {
            watch.Update(new Observation
            {
                Workload = Core.Workloads.WorkloadId.Parse("test/shop/deployment/other"),
                Time = time,
                Step = step,
                Demand = 4000 + 100 * Noise(),
                Utilization = 0.9 + 0.02 * Noise(),
                LatencyP95Seconds = 2 + 0.1 * Noise(),
                ErrorRatio = 0.05 + 0.01 * Noise(),
            });
        }

        return watch.Save();
    }

    private static void Warm(IServiceCollection services)
    {
        services.AddSingleton(new WatchOptions());
        var made = services.Last(s => s.ServiceType == typeof(IGrainStorage) && s.IsKeyedService && Equals(s.ServiceKey, StorageNames.Grains)).KeyedImplementationFactory!;
        services.AddKeyedSingleton<IGrainStorage>(StorageNames.Grains, (provider, key) => new WarmStorage((IGrainStorage)made(provider, key)));
    }

    /// <summary>Gives predictors that have stored nothing yet the watch that has learnt.</summary>
    private sealed class WarmStorage(IGrainStorage inner) : IGrainStorage
    {
        public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
        {
            await inner.ReadStateAsync(stateName, grainId, grainState);
            if (grainState is IGrainState<PredictorState> { RecordExists: false } predictor) predictor.State = new PredictorState { Watch = ImmutableCollectionsMarshal.AsImmutableArray(Learnt) };
        }

        public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => inner.WriteStateAsync(stateName, grainId, grainState);

        public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => inner.ClearStateAsync(stateName, grainId, grainState);
    }
}
