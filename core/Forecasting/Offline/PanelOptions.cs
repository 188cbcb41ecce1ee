namespace ControlPlane.Core.Forecasting.Offline;

/// <summary>Shape and training of a <see cref="PanelNetwork"/>.</summary>
internal sealed record PanelOptions
{
    /// <summary>Steps of history that the network sees, a multiple of the season.</summary>
    public int Lookback { get; init; } = 336;

    /// <summary>Newest steps that set centre and scale.</summary>
    public int ScaleSteps { get; init; } = 168;

    /// <summary>Steps ahead.</summary>
    public int Horizon { get; init; } = 48;

    /// <summary>Steps of the short season.</summary>
    public int Season { get; init; } = 24;

    /// <summary>Steps of the long season; at most <see cref="Lookback"/>.</summary>
    public int LongSeason { get; init; } = 168;

    /// <summary>Whether each window comes with another model's forecast, which the network corrects.</summary>
    public bool IsGuided { get; init; }

    /// <summary>Units of each hidden layer.</summary>
    public int Hidden { get; init; } = 256;

    /// <summary>Share of hidden units left out while training.</summary>
    public float Dropout { get; init; } = 0.1f;

    /// <summary>Quantile levels, ascending; one is 0.5.</summary>
    public float[] Levels { get; init; } = [0.025f, 0.5f, 0.975f];

    /// <summary>Weight of each level's pinball loss.</summary>
    public float[] LevelWeights { get; init; } = [1, 2, 1];

    /// <summary>Passes over all windows.</summary>
    public int Epochs { get; init; } = 12;

    /// <summary>Newest steps of each series that are kept out of training and tell when to stop; 0 trains on everything to the last epoch.</summary>
    public int HeldOutSteps { get; init; }

    /// <summary>Epochs without a better loss on the held out steps after which training ends.</summary>
    public int Patience { get; init; } = 3;

    /// <summary>Every how many steps a window starts; more than 1 shortens an epoch.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>Windows a step of the optimiser.</summary>
    public int Batch { get; init; } = 512;

    /// <summary>Largest learning rate of the one-cycle schedule.</summary>
    public float Rate { get; init; } = 1e-3f;

    /// <summary>Weight decay.</summary>
    public float Decay { get; init; } = 1e-2f;

    /// <summary>Seed of weights, order and dropout.</summary>
    public ulong Seed { get; init; } = 1;
}
