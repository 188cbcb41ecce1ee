using ControlPlane.Core.Policies;
using ControlPlane.GrainInterfaces;
using ControlPlane.Grains.Decisions;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Storage;

namespace ControlPlane.Grains.Tests.Behaviour;

/// <summary>What a service with a budget does when its account cannot be stored.</summary>
public sealed class BudgetTests
{
    private const int LoadFalls = 30;
    private const int StoresAgain = 90;

    /// <summary>After a crash the time since the account was stored is charged at the replicas found then: a scale-in that is not stored would make that too little.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void StorageFails_ScaleInOfAServiceWithABudget_WaitsUntilItIsStored(bool hasBudget)
    {
        var policy = Scene.Reactive with { Budget = hasBudget ? new BudgetPolicy { ReplicaHours = 400, Period = TimeSpan.FromDays(1) } : null };
        var fails = false;
        var scene = Scene.Of(policy, rate: 280, laterRate: 40, change: LoadFalls, services => Unreliable(services, () => fails));
        var (before, during) = (0, 0);
        scene.Run(StoresAgain + 40, (_, step) =>
        {
            fails = step is >= LoadFalls - 5 and < StoresAgain;
            if (step == LoadFalls) before = scene.Simulated.Replicas;
            if (step == StoresAgain) during = scene.Simulated.Replicas;
            return Task.CompletedTask;
        });

        Assert.True(before > 5);
        if (hasBudget) Assert.Equal(before, during);
        else Assert.Equal(2, during);
        Assert.Equal(2, scene.Simulated.Replicas);
    }

    private static void Unreliable(IServiceCollection services, Func<bool> fails)
    {
        var made = services.Last(s => s.ServiceType == typeof(IGrainStorage) && s.IsKeyedService && Equals(s.ServiceKey, StorageNames.Grains)).KeyedImplementationFactory!;
        services.AddKeyedSingleton<IGrainStorage>(StorageNames.Grains, (provider, key) => new UnreliableStorage((IGrainStorage)made(provider, key), fails));
    }

    /// <summary>Refuses to store what a decision grain remembers.</summary>
    private sealed class UnreliableStorage(IGrainStorage inner, Func<bool> fails) : IGrainStorage
    {
        public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => inner.ReadStateAsync(stateName, grainId, grainState);

        public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
            grainState.State is DecisionGrainState && fails() ? Task.FromException(new IOException("the disk is full")) : inner.WriteStateAsync(stateName, grainId, grainState);

        public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => inner.ClearStateAsync(stateName, grainId, grainState);
    }
}
