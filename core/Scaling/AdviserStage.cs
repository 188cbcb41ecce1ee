using ControlPlane.Core.Learning;
using ControlPlane.Core.Policies;

namespace ControlPlane.Core.Scaling;

/// <summary>
/// Keeps the account of an adviser and gives its move where it may act. What it says is part of the input, so that a record replays without it; the move is brought within
/// the <see cref="SafeSet"/> where it is used.
/// </summary>
internal static class AdviserStage
{
    /// <summary>The move that holds at this step; <see cref="AdviserMove.None"/> unless the adviser acts.</summary>
    /// <param name="state">The state with the step's ledger; the adviser's account is brought up to date.</param>
    /// <param name="input">What is decided.</param>
    /// <param name="current">Replicas now, with which a new account begins.</param>
    /// <param name="isPredictable">Whether the pipeline goes by the forecast.</param>
    /// <param name="stages">Gets the stage.</param>
    public static AdviserMove Step(ref DecisionState state, DecisionInput input, int current, bool isPredictable, StageList stages)
    {
        if (input.Policy.Adviser == AdviserMode.Off || input.Advice is not { } given)
        {
            if (state.Adviser is not null) state = state with { Adviser = null };
            return AdviserMove.None;
        }

        var advice = given with { Move = SafeSet.Restrict(given.Move, default, LedgerTerms.Free), Advantage = double.IsFinite(given.Advantage) ? given.Advantage : 0 };
        Span<float> room = stackalloc float[RiskCurve.Room(input.Forecast?.Quantiles.Length ?? 0)];
        var scene = AdviserScene.Of(input, state.Ledger!, state.SaturationPerReplica, isPredictable, room);
        var account = state.Adviser is { } known && known.Model == advice.Model ? known.Step(scene, advice) : AdviserState.Begin(advice.Model, scene, current);
        state = state with { Adviser = account };
        var acts = input.Policy.Adviser == AdviserMode.Act && advice.IsReleased && account.Trial.Standing == AdviserStanding.Proven;
        stages.Add(AdviserMove.Stage, acts ? null : Rule(input.Policy, advice, account.Trial), null,
            new("price_factor", advice.Move.PriceFactor), new("headroom", advice.Move.Headroom), new("advantage", advice.Advantage),
            new("replicas_with", account.With.Replicas), new("replicas_without", account.Without.Replicas), new("saved_share", account.Trial.SavedShare));
        return acts ? advice.Move : AdviserMove.None;
    }

    /// <summary>Why it stays in shadow.</summary>
    private static string Rule(PolicyDocument policy, Advice advice, AdviserTrial trial) =>
        !advice.IsReleased ? "not-released" : policy.Adviser != AdviserMode.Act ? "shadow" : trial.Standing == AdviserStanding.Retired ? "retired" : "unproven";
}
