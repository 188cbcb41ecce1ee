using System.Collections.Immutable;
using System.Runtime.InteropServices;
using ControlPlane.Core.Forecasting;
using ControlPlane.Core.Forecasting.Models;
using ControlPlane.Core.Policies;
using ControlPlane.Embedded.Virtual;
using ControlPlane.GrainInterfaces;
using ControlPlane.Grains.Tests.Behaviour;
using Microsoft.Extensions.DependencyInjection;

namespace ControlPlane.Grains.Tests.Models;

/// <summary>One service whose forecasts come from scripted models, with trials of minutes instead of days.</summary>
internal sealed class ModelScene
{
    /// <summary>Steps of a block.</summary>
    public const int BlockSteps = 20;

    /// <summary>Steps after which the first look at a challenger of step 2 has been taken: 8 blocks, the open one, and a minute's delay at either end.</summary>
    public const int FirstLook = 12 * BlockSteps;

    public static readonly PromotionOptions Options = new()
    {
        Block = BlockSteps * PolicyDocument.DefaultStep,
        Looks = [8, 16, 24],
        ProbationLooks = [6, 12],
        FewestOutcomes = 50,
    };

    private static readonly PolicyDocument Predictive = Scene.Reactive with { Predictive = new PredictivePolicy() };

    public ModelScene(Action<IServiceCollection>? configure = null) => Scene = Scene.Of(Predictive, 60, configure: services =>
    {
        services.AddSingleton(new ForecasterCatalog([new ScriptedKind(), .. ForecasterCatalog.OwnKinds()]));
        services.AddSingleton(Options);
        configure?.Invoke(services);
    });

    /// <summary>The service's key.</summary>
    public static string Key { get; } = new ModelScene().Scene.Key;

    public Scene Scene { get; }

    /// <summary>Runs steps; every one of them must have a forecast with values, whatever happens to models.</summary>
    /// <param name="steps">Steps.</param>
    /// <param name="afterStep">Called in the middle of each.</param>
    /// <param name="mayMiss">Steps without values that are allowed.</param>
    public List<string> Run(int steps, Func<VirtualContext, int, Task> afterStep, int mayMiss = 0)
    {
        var speakers = new List<string>();
        var missed = 0;
        Scene.Run(steps, async (context, step) =>
        {
            await afterStep(context, step);
            if (await context.GrainFactory.GetGrain<IPredictorGrain>(Scene.Key).GetForecast() is not { } forecast) return;
            if (forecast.Status != ForecastStatus.Ready) missed++;
            speakers.Add($"{forecast.Model}/{forecast.ModelVersion}");
        });
        Assert.True(missed <= mayMiss, $"{missed} steps without a forecast");
        Assert.True(speakers.Count > steps - 5);
        return speakers;
    }

    public static IModelRegistryGrain Registry(VirtualContext context) => context.GrainFactory.GetGrain<IModelRegistryGrain>(ModelSlots.Demand);

    public static Task<ModelRegistryState> State(VirtualContext context) => Registry(context).GetState();

    public static async Task Register(VirtualContext context, ModelArtifact artifact)
    {
        var admission = await Registry(context).Register(Bytes(artifact), isChallenger: true);
        Assert.Null(admission.Refusal);
    }

    public static ImmutableArray<byte> Bytes(ModelArtifact artifact) => ImmutableCollectionsMarshal.AsImmutableArray(artifact.Save());
}
