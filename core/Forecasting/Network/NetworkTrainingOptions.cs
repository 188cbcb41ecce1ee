namespace ControlPlane.Core.Forecasting.Network;

/// <summary>How the load network is trained. The defaults made the weights that are shipped.</summary>
public sealed record NetworkTrainingOptions
{
    /// <summary>Seed of everything that is drawn.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Most passes over the examples, at least 1. Default 12.</summary>
    public int Epochs { get; init; } = 12;

    /// <summary>Epochs without a better validation loss after which training stops. Default 4.</summary>
    public int Patience { get; init; } = 4;

    /// <summary>Examples of one step of the optimiser. Default 256.</summary>
    public int Batch { get; init; } = 256;

    /// <summary>Largest learning rate; it rises over the first epoch and falls as a cosine. Default 0.002.</summary>
    public float Rate { get; init; } = 2e-3f;

    /// <summary>Weight decay. Default 0.05.</summary>
    public float Decay { get; init; } = 0.05f;

    /// <summary>Gradients are shortened to this length. Default 1.</summary>
    public float LongestGradient { get; init; } = 1;

    /// <summary>Most examples kept, which bounds memory: each takes 250 bytes. Default 400,000.</summary>
    public int MostExamples { get; init; } = 400_000;

    /// <summary>Share of the runs that only validate. Default 0.15.</summary>
    public double ValidationShare { get; init; } = 0.15;

    /// <summary>Runs drawn from each trace, each from a cold start at a random place, half of them changed (steps, ramps, noise, mixes). Default 24.</summary>
    public int RunsPerTrace { get; init; } = 24;
}
