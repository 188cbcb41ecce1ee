using System.Collections.Immutable;
using ControlPlane.Core.Forecasting.Models;

namespace ControlPlane.Core.Learning;

/// <summary>How far an adviser has come on one workload.</summary>
[GenerateSerializer, Alias("cp.AdviserStanding")]
public enum AdviserStanding
{
    /// <summary>Only its account is kept.</summary>
    Shadow,

    /// <summary>It has been statistically better: it may act where the policy lets it.</summary>
    Proven,

    /// <summary>It has been worse, or was not shown to be better in time: it stays in shadow until there is another version.</summary>
    Retired,
}

/// <summary>
/// The account of an adviser: what the pipeline without it would have cost less what it costs with it, in blocks of some hours. At set numbers of blocks a one-sided
/// test decides, with the tests and the spending of error of <see cref="PromotionTest"/>. What has proved itself goes on being judged, and is out as soon as
/// it has saved nothing in all.
/// </summary>
[GenerateSerializer, Immutable, Alias("cp.AdviserTrial")]
public sealed record AdviserTrial
{
    /// <summary>Length of a block.</summary>
    public static readonly TimeSpan Block = TimeSpan.FromHours(4);

    /// <summary>Nothing was counted.</summary>
    public static readonly AdviserTrial Empty = new();

    /// <summary>Looks at 2, 4, 7 and 14 days; 2.5% for a wrong release over all of them, 5% for a wrong recall.</summary>
    private static readonly PromotionOptions Rule = new() { Block = Block, Looks = [12, 24, 42, 84], ProbationLooks = [12, 24, 42, 84] };

    /// <summary>What it has come to.</summary>
    [Id(0)] public AdviserStanding Standing { get; init; }

    /// <summary>Saved in each whole block since the last verdict, a fraction of the pods without it; oldest first, at most 84.</summary>
    [Id(1)] public ImmutableArray<double> Blocks { get; init; } = [];

    /// <summary>Looks since the last verdict.</summary>
    [Id(2)] public int Looks { get; init; }

    /// <summary>Steps of the open block.</summary>
    [Id(3)] public int OpenSteps { get; init; }

    /// <summary>Pod-steps' worth that was saved in the open block.</summary>
    [Id(4)] public double OpenSaved { get; init; }

    /// <summary>Pod-steps without it in the open block.</summary>
    [Id(5)] public long OpenPods { get; init; }

    /// <summary>What all steps would have cost without it, pod-steps.</summary>
    [Id(6)] public double CostWithout { get; init; }

    /// <summary>What they would have cost with it, pod-steps.</summary>
    [Id(7)] public double CostWith { get; init; }

    /// <summary>Saved over all steps, a fraction of the cost without it.</summary>
    public double SavedShare => CostWithout > 0 ? 1 - CostWith / CostWithout : 0;

    /// <summary>Counts a step of both courses.</summary>
    internal AdviserTrial Add(AdviserCourse without, AdviserCourse with, TimeSpan step)
    {
        var next = this with
        {
            OpenSteps = OpenSteps + 1,
            OpenSaved = OpenSaved + without.StepCost - with.StepCost,
            OpenPods = OpenPods + without.Replicas,
            CostWithout = CostWithout + without.StepCost,
            CostWith = CostWith + with.StepCost,
        };
        return next.OpenSteps * step < Block ? next : next.CloseBlock();
    }

    private AdviserTrial CloseBlock()
    {
        var next = this with { OpenSteps = 0, OpenSaved = 0, OpenPods = 0 };
        if (Standing == AdviserStanding.Retired) return next;
        next = next with { Blocks = Blocks.Add(OpenSaved / Math.Max(1, OpenPods)) };
        var purpose = Standing == AdviserStanding.Shadow ? TrialPurpose.Challenge : TrialPurpose.Probation;
        if (Standing == AdviserStanding.Proven && next.CostWith >= next.CostWithout) return next.Begin(AdviserStanding.Retired);
        var looks = Rule.LooksFor(purpose);
        return next.Blocks.Length < looks[Looks] ? next : next.Look(purpose, Looks == looks.Length - 1);
    }

    private AdviserTrial Look(TrialPurpose purpose, bool isLast)
    {
        var spend = Rule.Spend(purpose, Looks);
        var (better, worse) = PromotionTest.PValues(Blocks.AsSpan());
        if (worse < spend) return Begin(AdviserStanding.Retired);
        if (Standing == AdviserStanding.Proven) return isLast ? Begin(AdviserStanding.Proven) : this with { Looks = Looks + 1 };
        if (better < spend && CostWith < CostWithout) return Begin(AdviserStanding.Proven);
        return isLast ? Begin(AdviserStanding.Retired) : this with { Looks = Looks + 1 };
    }

    private AdviserTrial Begin(AdviserStanding standing) => this with { Standing = standing, Blocks = [], Looks = 0 };
}
