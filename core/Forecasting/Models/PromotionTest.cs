using System.Globalization;

namespace ControlPlane.Core.Forecasting.Models;

/// <summary>What a look at a trial found.</summary>
public enum TrialVerdict
{
    /// <summary>Nothing yet: the next look decides.</summary>
    Undecided,

    /// <summary>The shadow is statistically better and no guard speaks against it.</summary>
    ShadowBetter,

    /// <summary>The shadow is statistically worse.</summary>
    ShadowWorse,

    /// <summary>The last look found neither, or a guard spoke against the shadow at it.</summary>
    Over,
}

/// <summary>A verdict and the sentence that goes into the audit.</summary>
/// <param name="Verdict">What was found.</param>
/// <param name="Reason">Why, for an operator.</param>
public readonly record struct TrialJudgement(TrialVerdict Verdict, string Reason);

/// <summary>
/// Judges a trial at set numbers of blocks. Every look is a one-sided test on the blocks' mean loss differences and spends a share of the stated
/// probability of error; the sum over the looks bounds the whole (Bonferroni), however they depend on each other.
/// </summary>
public static class PromotionTest
{
    /// <summary>Blocks' outcomes were predicted up to a block before: neighbours are correlated like errors of two-step forecasts.</summary>
    private const int BlocksAhead = 2;

    /// <summary>Blocks of a trial that are complete: all but the newest, to which reports may still come.</summary>
    public static int Complete(ModelTrial trial) => Math.Max(0, trial.Blocks.Length - 1);

    /// <summary>Whether the next look is due.</summary>
    public static bool IsDue(ModelTrial trial, PromotionOptions options)
    {
        var looks = options.LooksFor(trial.Purpose);
        return trial.Looks < looks.Length && Complete(trial) >= looks[trial.Looks];
    }

    /// <summary>The next look. Only to be taken when it is due, and only once.</summary>
    public static TrialJudgement Judge(ModelTrial trial, PromotionOptions options)
    {
        var looks = options.LooksFor(trial.Purpose);
        var differences = Differences(trial, looks[trial.Looks]);
        var spend = options.Spend(trial.Purpose, trial.Looks);
        var (better, worse) = PValues(differences);
        var facts = string.Create(
            CultureInfo.InvariantCulture,
            $"{Gain(trial):+0.0%;-0.0%;0.0%} loss over {differences.Length} blocks, {trial.Scores.Outcomes} outcomes of {trial.Services.Length} services; p = {Math.Min(better, worse):0.####} against {spend:0.####}");
        var isLast = trial.Looks == looks.Length - 1;
        if (trial.Scores.Outcomes < options.FewestOutcomes) return Later(isLast, $"too few outcomes: {facts}");
        if (worse < spend) return new TrialJudgement(TrialVerdict.ShadowWorse, $"{trial.Shadow} is worse than {trial.Champion}: {facts}");
        if (better >= spend) return Later(isLast, $"no difference shown between {trial.Shadow} and {trial.Champion}: {facts}");
        // A former champion has proved itself before: its loss alone brings it back.
        if (trial.Purpose == TrialPurpose.Challenge && Objection(trial, options) is { } objection) return Later(isLast, $"{trial.Shadow} has the smaller loss, but {objection}; {facts}");
        return new TrialJudgement(TrialVerdict.ShadowBetter, $"{trial.Shadow} is better than {trial.Champion}: {facts}");
    }

    /// <summary>That the shadow is better, and that it is worse: of each the larger p-value of two tests, for differences correlated between neighbours and over long times.</summary>
    internal static (double Better, double Worse) PValues(ReadOnlySpan<double> differences)
    {
        var (near, far) = (DieboldMariano.Corrected(differences, BlocksAhead), DieboldMariano.Robust(differences));
        var says = !double.IsNaN(near.Statistic) && !double.IsNaN(far.Statistic);
        return says ? (Math.Max(near.PValue, far.PValue), 1 - Math.Min(near.PValue, far.PValue)) : (1, 1);
    }

    private static double[] Differences(ModelTrial trial, int count)
    {
        var differences = new double[count];
        for (var i = 0; i < count; i++) differences[i] = trial.Blocks[i].Difference / trial.Blocks[i].Services;
        return differences;
    }

    /// <summary>What speaks against the shadow although its mean loss is smaller; null when nothing does.</summary>
    private static string? Objection(ModelTrial trial, PromotionOptions options)
    {
        var (scores, outcomes) = (trial.Scores, (double)trial.Scores.Outcomes);
        for (var q = 0; q < ForecastSettings.Quantiles.Length; q++)
        {
            double level = ForecastSettings.Quantiles[q];
            var (champion, shadow) = (scores.ChampionCovered[q] / outcomes, scores.ShadowCovered[q] / outcomes);
            if (Math.Abs(shadow - level) > Math.Abs(champion - level) + options.CoverageMargin)
                return string.Create(CultureInfo.InvariantCulture, $"its {level:0.##} quantile covers {shadow:0.0%} of outcomes, the champion's {champion:0.0%}");
        }
        var harmed = trial.Services.Count(s => s.ShadowLoss > (1 + options.ServiceLoss) * s.ChampionLoss);
        return harmed > options.HarmedServices * trial.Services.Length ? $"{harmed} of {trial.Services.Length} services lose by it" : null;
    }

    /// <summary>Change of the loss when the shadow spoke instead of the champion, a fraction; negative is better.</summary>
    private static double Gain(ModelTrial trial) =>
        trial.Scores.ChampionLoss > 0 ? trial.Scores.ShadowLoss / trial.Scores.ChampionLoss - 1 : 0;

    private static TrialJudgement Later(bool isLast, string reason) => new(isLast ? TrialVerdict.Over : TrialVerdict.Undecided, reason);
}
