namespace ControlPlane.Core.Forecasting.Network;

/// <summary>How the correction network is trained. The defaults made the weights that are shipped.</summary>
public sealed record NetworkTrainingOptions
{
    /// <summary>Seed of everything that is drawn.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Networks that are averaged, at least 1. Default 3.</summary>
    public int Networks { get; init; } = 3;

    /// <summary>Most passes over the examples, at least 1. Default 12.</summary>
    public int Epochs { get; init; } = 12;

    /// <summary>Share of the hidden units that are off in a step of the optimiser, within [0, 1). Default 0.25.</summary>
    public float Dropout { get; init; } = 0.25f;

    /// <summary>Epochs without a better validation loss after which training stops. Default 4.</summary>
    public int Patience { get; init; } = 4;

    /// <summary>Examples of one step of the optimiser. Default 512.</summary>
    public int Batch { get; init; } = 512;

    /// <summary>Largest learning rate; it rises over the first epoch and falls as a cosine. Default 0.002.</summary>
    public float Rate { get; init; } = 2e-3f;

    /// <summary>Weight decay. Default 0.01.</summary>
    public float Decay { get; init; } = 0.01f;

    /// <summary>An example weighs at most so much more than the mean. Default 5.</summary>
    public float LargestWeight { get; init; } = 5;

    /// <summary>Gradients are shortened to this length. Default 1.</summary>
    public float LongestGradient { get; init; } = 1;

    /// <summary>Most examples kept, which bounds memory: each takes 520 bytes. Default 1,600,000.</summary>
    public int MostExamples { get; init; } = 1_600_000;

    /// <summary>Share of the runs that only validate. Default 0.05.</summary>
    public double ValidationShare { get; init; } = 0.05;

    /// <summary>Changed stretches drawn from each trace: steps, ramps, noise, mixes. Default 8.</summary>
    public int VariationsPerTrace { get; init; } = 8;
}
