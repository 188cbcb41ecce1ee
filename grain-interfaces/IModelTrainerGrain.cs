using System.Collections.Immutable;
using ControlPlane.Core.Forecasting.Models;
using Orleans.Concurrency;

namespace ControlPlane.GrainInterfaces;

/// <summary>Trains one model on the windows of services, outside its turns, and hands the result to the registry as a challenger. Key: the model's name.</summary>
[Alias("cp.IModelTrainerGrain")]
public interface IModelTrainerGrain : IGrainWithStringKey
{
    /// <summary>Begins a training; a status that is not <see cref="TrainingState.Running"/> says why it did not.</summary>
    /// <param name="workloads">Ids of the services to train on; empty: a spread of all.</param>
    [Alias("Start")]
    Task<TrainingStatus> Start(ImmutableArray<string> workloads);

    /// <summary>Asks the training that runs to stop.</summary>
    [Alias("Cancel")]
    Task<TrainingStatus> Cancel();

    /// <summary>How it stands.</summary>
    [Alias("GetStatus"), AlwaysInterleave]
    Task<TrainingStatus> GetStatus();
}

/// <summary>How a training stands.</summary>
[GenerateSerializer, Immutable, Alias("cp.TrainingStatus")]
public sealed record TrainingStatus
{
    /// <summary>What it is at.</summary>
    [Id(0)] public required TrainingState State { get; init; }

    /// <summary>The version that is or was trained; null before the first.</summary>
    [Id(1)] public ModelId? Model { get; init; }

    /// <summary>Since when, UTC; null before the first.</summary>
    [Id(2)] public DateTimeOffset? Since { get; init; }

    /// <summary>What there is to say.</summary>
    [Id(3)] public string? Message { get; init; }
}

/// <summary>States of a training.</summary>
[GenerateSerializer, Alias("cp.TrainingState")]
public enum TrainingState
{
    /// <summary>None was started since the trainer was loaded.</summary>
    Idle,

    /// <summary>It waits for its turn or runs.</summary>
    Running,

    /// <summary>The version was registered.</summary>
    Succeeded,

    /// <summary>It failed, or was refused; nothing changed.</summary>
    Failed,

    /// <summary>It was cancelled; nothing changed.</summary>
    Cancelled,
}
