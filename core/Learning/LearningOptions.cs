namespace ControlPlane.Core.Learning;

/// <summary>How action values are learnt from experience.</summary>
public sealed record LearningOptions
{
    /// <summary>Seed of everything that is drawn. Default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>What counts of the next move's worth, a fraction below 1: of effects within about 1 ÷ (1 − discount) moves. Default 0.8.</summary>
    public double Discount { get; init; } = 0.8;

    /// <summary>Passes over the experience of the table. Default 8.</summary>
    public int Passes { get; init; } = 8;

    /// <summary>Networks of the DQN, each with a seed of its own. Default 3.</summary>
    public int Networks { get; init; } = 3;

    /// <summary>Updates of each network. Default 6000.</summary>
    public int Updates { get; init; } = 6000;

    /// <summary>Examples of an update. Default 128.</summary>
    public int Batch { get; init; } = 128;

    /// <summary>Learning rate at the start; it falls to a tenth. Default 0.002.</summary>
    public double Rate { get; init; } = 0.002;

    /// <summary>Updates between two copies of a network to its target. Default 300.</summary>
    public int TargetEvery { get; init; } = 300;

    /// <summary>How many standard errors an advantage is taken for smaller than it was measured. Default 1.</summary>
    public double Caution { get; init; } = 1;
}
