namespace ControlPlane.Core.Forecasting.Models;

/// <summary>Who forecasts and who runs in shadow now; what predictors follow.</summary>
[GenerateSerializer, Immutable, Alias("cp.ModelLineup")]
public sealed record ModelLineup
{
    /// <summary>Grows with every change.</summary>
    [Id(0)] public required long Revision { get; init; }

    /// <summary>The model whose forecasts are acted on; null: the program's own.</summary>
    [Id(1)] public ModelId? Champion { get; init; }

    /// <summary>The trial that runs; 0: none.</summary>
    [Id(2)] public long Trial { get; init; }

    /// <summary>The model in shadow; null: none.</summary>
    [Id(3)] public ModelId? Shadow { get; init; }

    /// <summary>Share of services that run the shadow.</summary>
    [Id(4)] public double Share { get; init; }

    /// <summary>Length of a block of the trial.</summary>
    [Id(5)] public TimeSpan Block { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Whether a service belongs to the share.</summary>
    /// <param name="workload">Its id as text.</param>
    public bool Includes(string workload) => Shadow is not null && StableHash.Jitter(workload, TimeSpan.FromDays(1)) < TimeSpan.FromDays(1) * Share;
}
