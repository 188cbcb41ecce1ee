using System.Collections.Immutable;

namespace ControlPlane.Core.Learning;

/// <summary>What an adviser proposes for the next minutes: how the price of a violation is moved, and pods on top of the cheapest number.</summary>
/// <param name="PriceFactor">Factor on the price of a violation; 1 leaves it.</param>
/// <param name="Headroom">Pods on top, a fraction of the cheapest number; 0 for none.</param>
[GenerateSerializer, Immutable, Alias("cp.AdviserMove")]
public readonly record struct AdviserMove([property: Id(0)] double PriceFactor, [property: Id(1)] double Headroom)
{
    /// <summary>Name of the stage in which a decision records what an adviser said; the stage has no rule where the adviser acts.</summary>
    public const string Stage = "adviser";

    /// <summary>What lies further behind the point is not a pod.</summary>
    private const int Digits = 9;

    /// <summary>Leaves everything as it is.</summary>
    public static readonly AdviserMove None = new(1, 0);

    /// <summary>The moves that advisers choose among; the first is <see cref="None"/>.</summary>
    public static readonly ImmutableArray<AdviserMove> All = [None, new(0.25, 0), new(0.5, 0), new(2, 0), new(4, 0), new(1, 0.05), new(1, 0.1)];

    /// <summary>Replicas with the headroom on top, rounded up.</summary>
    /// <param name="replicas">The cheapest number.</param>
    /// <param name="most">Most replicas.</param>
    public int Raise(int replicas, int most) => Headroom == 0 ? replicas : Math.Max(replicas, Math.Min(most, replicas + (int)Math.Ceiling(Math.Round(replicas * Headroom, Digits))));
}
