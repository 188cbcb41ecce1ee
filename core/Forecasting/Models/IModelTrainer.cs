using System.Collections.Immutable;

namespace ControlPlane.Core.Forecasting.Models;

/// <summary>Trains one kind of model. A pure function of its request; runs outside grains' turns and asks its budget often. Thread-safe.</summary>
public interface IModelTrainer
{
    /// <summary>Name of the model that it trains.</summary>
    string Model { get; }

    /// <summary>Bytes that a training will allocate at most, by and large; known before it begins.</summary>
    long EstimateBytes(TrainingRequest request);

    /// <summary>Trains. The artifact carries the scores on held-out data.</summary>
    /// <exception cref="InvalidDataException">The series do not suffice; the message says why.</exception>
    /// <exception cref="OperationCanceledException">The budget's token was cancelled.</exception>
    ModelArtifact Train(TrainingRequest request, IWorkBudget budget);
}

/// <summary>What a training works on.</summary>
public sealed record TrainingRequest
{
    /// <summary>Name and version of what is to be trained.</summary>
    public required ModelId Id { get; init; }

    /// <summary>Length of a step of every series.</summary>
    public required TimeSpan Step { get; init; }

    /// <summary>The series.</summary>
    public required ImmutableArray<TrainingSeries> Series { get; init; }

    /// <summary>From the oldest to the newest value of all series.</summary>
    public TrainingWindow Window => new()
    {
        From = Series.Min(s => s.FirstTime) - Step,
        To = Series.Max(s => s.FirstTime + (s.Values.Length - 1) * Step),
        Step = Step,
        Series = Series.Length,
    };
}

/// <summary>The demand of one service.</summary>
/// <param name="Name">Whose it is.</param>
/// <param name="FirstTime">End of the first step, UTC.</param>
/// <param name="Values">Requests per second, one entry a step, oldest first, null where unknown; not empty.</param>
public sealed record TrainingSeries(string Name, DateTimeOffset FirstTime, ImmutableArray<double?> Values);
