using ControlPlane.Core.Forecasting.Models;
using static ControlPlane.Core.Tests.Forecasting.Models.Trials;

namespace ControlPlane.Core.Tests.Forecasting.Models;

/// <summary>Versions come and go by the rules.</summary>
public sealed class ModelRegistryTests
{
    [Fact]
    public void Open_Empty_MakesTheProgramsDefaultTheChampion()
    {
        var state = ModelRegistry.Open(new ModelRegistryState(), [Own, Other], Start);

        Assert.Equal(Own, state.Champion);
        Assert.Equal([ModelStatus.Champion, ModelStatus.Available], state.Versions.Select(v => v.Status));
        Assert.Equal(state.Champion, state.Lineup(Options).Champion);
        Assert.Null(state.Lineup(Options).Shadow);
        Assert.Same(state.Champion, ModelRegistry.Open(state, [Own, Other], Start).Champion);
        Assert.Equal(state.Revision, ModelRegistry.Open(state, [Own, Other], Start).Revision);
    }

    [Fact]
    public void Open_NewerProgram_TakesItsVersionOverAndBeginsTheTrialAnew()
    {
        var newer = ModelId.Of(Own.Name, "0.2.0");
        var before = Pass(WithChallenger(), 1, Scores(0.1));
        var state = ModelRegistry.Open(before, [newer, Other], After(2));

        Assert.Equal(newer, state.Champion);
        Assert.Null(state.Trial);
        Assert.Equal(New, Assert.Single(state.Queue));
        Assert.True(state.Revision > before.Revision);
        Assert.Equal(1000, state.Find(Own)!.Outcomes);
        Assert.Contains("instead of own/0.1.0", state.Audit[^1].Reason, StringComparison.Ordinal);
        Assert.Equal(New, ModelRegistry.StartNext(state, 1, After(2), Options).Trial!.Shadow);
    }

    [Fact]
    public void Look_ChallengerBetter_IsPromotedAndTheFormerStaysInShadow()
    {
        var (state, block) = Run(WithChallenger(), 0, 400, gain: 0.05);

        Assert.Equal(48, block);
        Assert.Equal((New, Own), (state.Champion, state.Former));
        Assert.Equal((TrialPurpose.Probation, Own), (state.Trial!.Purpose, state.Trial.Shadow));
        Assert.Equal(ModelEventKind.Promoted, state.Audit[^1].Kind);
        Assert.Contains("net/1.0.0 is better than own/0.1.0: -5", state.Audit[^1].Reason, StringComparison.Ordinal);
        Assert.Equal(49 * OutcomesPerBlock, state.Find(New)!.Outcomes);
    }

    [Fact]
    public void Look_NoDifference_IsNeverPromotedAndEndsAfterTheLastLook()
    {
        var (state, block) = Run(WithChallenger(), 0, 400, gain: 0);

        Assert.Equal(336, block);
        Assert.Equal(Own, state.Champion);
        Assert.Null(state.Trial);
        Assert.Equal(ModelStatus.Rejected, state.Find(New)!.Status);
        Assert.Contains("no difference shown", state.Find(New)!.LastReason, StringComparison.Ordinal);
    }

    [Fact]
    public void Look_ChallengerWorse_EndsAtTheFirstLook()
    {
        var (state, block) = Run(WithChallenger(), 0, 400, gain: -0.05);

        Assert.Equal((48, Own), (block, state.Champion));
        Assert.Equal(ModelStatus.Rejected, state.Find(New)!.Status);
    }

    [Fact]
    public void Look_SmallerLossButBadCoverage_IsNotPromoted()
    {
        var (state, _) = Run(WithChallenger(), 0, 400, gain: 0.1, shadowShift: 0.03);

        Assert.Equal(Own, state.Champion);
        Assert.Contains("its 0.1 quantile covers 13.0% of outcomes, the champion's 10.0%", state.Find(New)!.LastReason, StringComparison.Ordinal);
    }

    [Fact]
    public void Look_SomeServicesHarmed_IsNotPromoted()
    {
        var state = WithChallenger();
        var random = new Random(5);
        for (var block = 0; block < 400 && state.Trial is not null; block++)
        {
            for (var service = 0; service < 5 && state.Trial is not null; service++)
                state = Pass(state, block, Scores((service == 0 ? -0.3 : 0.3) + 0.1 * random.NextDouble()), $"c/n/deployment/s{service}");
        }

        Assert.Equal(Own, state.Champion);
        Assert.Contains("1 of 5 services lose by it", state.Find(New)!.LastReason, StringComparison.Ordinal);
    }

    [Fact]
    public void Look_NewChampionWorse_IsRolledBack()
    {
        var (state, block) = Run(WithChallenger(), 0, 400, gain: 0.05);
        (state, var end) = Run(state, block + 1, 400, gain: 0.04);

        Assert.Equal((Own, null), (state.Champion, state.Trial));
        Assert.Equal(ModelStatus.RolledBack, state.Find(New)!.Status);
        Assert.InRange(end - block, 12, 24);
        Assert.Equal(ModelEventKind.RolledBack, state.Audit[^1].Kind);
        Assert.Null(state.Former);
    }

    [Fact]
    public void Look_NewChampionHolds_IsConfirmed()
    {
        var (state, block) = Run(WithChallenger(), 0, 400, gain: 0.05);
        (state, _) = Run(state, block + 1, 400, gain: -0.05);

        Assert.Equal((New, null, null), (state.Champion, state.Trial, state.Former));
        Assert.Equal(ModelEventKind.Confirmed, state.Audit[^1].Kind);
        Assert.Equal(ModelStatus.Available, state.Find(Own)!.Status);
    }

    [Fact]
    public void Count_RepeatedOldForeignAndImpossibleReports_CountNothing()
    {
        var state = Pass(WithChallenger(), 3, Scores(0.05));
        void AssertIgnored(ReportOutcome expected, ShadowReport report)
        {
            var (after, outcome) = ModelRegistry.Count(state, report, After(3), Options);
            Assert.Equal(expected, outcome);
            Assert.Same(state, after);
        }

        AssertIgnored(ReportOutcome.Repeated, Report(state, 3, Scores(0.05)));
        AssertIgnored(ReportOutcome.Repeated, Report(state, 2, Scores(0.05)));
        AssertIgnored(ReportOutcome.Outdated, Report(state, 4, Scores(0.05)) with { Trial = 99 });
        AssertIgnored(ReportOutcome.Refused, Report(state, 9, Scores(0.05)));
        AssertIgnored(ReportOutcome.Refused, Report(state, -5, Scores(0.05), "c/n/deployment/other"));
        AssertIgnored(ReportOutcome.Refused, Report(state, 4, PairedScores.Empty));
        AssertIgnored(ReportOutcome.Refused, Report(state, 4, Scores(0.05) with { ShadowLoss = double.NaN }));
        AssertIgnored(ReportOutcome.Refused, Report(state, 4, Scores(0.05) with { ShadowCovered = [] }));
        AssertIgnored(ReportOutcome.Refused, Report(state, 4, Scores(0.05) with { ShadowCovered = [1, 2, 3, 4, 5000] }));
    }

    [Fact]
    public void Count_ManyServices_AreBounded()
    {
        var state = WithChallenger();
        var refused = 0;
        for (var i = 0; i < 2 * Options.ShadowServices + 3; i++)
        {
            (state, var outcome) = ModelRegistry.Count(state, Report(state, 0, Scores(0.05), $"c/n/deployment/s{i}"), After(0), Options);
            if (outcome == ReportOutcome.Refused) refused++;
        }
        Assert.Equal((3, 2 * Options.ShadowServices), (refused, state.Trial!.Services.Length));
        Assert.Equal(2 * Options.ShadowServices, Assert.Single(state.Trial.Blocks).Services);
    }

    [Fact]
    public void Count_BlocksOutOfOrder_AreSorted()
    {
        var state = WithChallenger();
        foreach (var (block, service) in new[] { (5, "a"), (3, "b"), (4, "b"), (3, "c") })
            (state, _) = ModelRegistry.Count(state, Report(state, block, Scores(0.05), $"c/n/deployment/{service}"), After(6), Options);
        Assert.Equal([2, 1, 1], state.Trial!.Blocks.Select(b => b.Services));
        Assert.Equal(state.Trial.Blocks.Select(b => b.Index).Order(), state.Trial.Blocks.Select(b => b.Index));
    }

    [Fact]
    public void Fail_OfAShadow_DropsIt()
    {
        var state = WithChallenger();
        var (after, outcome) = ModelRegistry.Fail(state, Report(state, 0, PairedScores.Empty) with { Failed = New, Failure = "NaN" }, Own, After(1));

        Assert.Equal((ReportOutcome.Counted, null, ModelStatus.Rejected), (outcome, after.Trial, after.Find(New)!.Status));
        Assert.Equal("failed on c/n/deployment/web: NaN", after.Find(New)!.LastReason);
        Assert.Equal(ReportOutcome.Outdated, ModelRegistry.Fail(after, Report(state, 0, PairedScores.Empty) with { Failed = New, Failure = "NaN" }, Own, After(1)).Outcome);
    }

    [Fact]
    public void Fail_OfAChampion_BringsThePredecessorBack()
    {
        var (state, _) = Run(WithChallenger(), 0, 400, gain: 0.05);
        var (after, _) = ModelRegistry.Fail(state, Report(state, 0, PairedScores.Empty) with { Failed = New, Failure = "threw" }, Own, After(60));
        Assert.Equal((Own, null, ModelStatus.RolledBack), (after.Champion, after.Trial, after.Find(New)!.Status));

        var (own, outcome) = ModelRegistry.Fail(after, Report(after, 0, PairedScores.Empty) with { Failed = Own, Failure = "threw" }, Own, After(61));
        Assert.Equal((ReportOutcome.Outdated, Own), (outcome, own.Champion));
    }

    [Fact]
    public void Register_KnownOrTooMany_IsRefused()
    {
        var state = WithChallenger();
        Assert.Contains("registered already", ModelRegistry.Register(state, new ModelArtifact { Id = New }, 10, true, Start, Options).Refusal, StringComparison.Ordinal);
        Assert.Contains("part of the program", ModelRegistry.Register(state, new ModelArtifact { Id = Own }, 10, true, Start, Options).Refusal, StringComparison.Ordinal);
        string? refusal = null;
        for (var i = 1; i < 20 && refusal is null; i++) (state, refusal) = ModelRegistry.Register(state, new ModelArtifact { Id = ModelId.Of("net", $"2.{i}.0") }, 10, true, Start, Options);
        Assert.Contains("8 challengers wait already", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Register_MoreVersionsThanAreKept_DropsTheOldestUnused()
    {
        var state = WithChallenger();
        for (var i = 0; i < 300; i++) (state, _) = ModelRegistry.Register(state, new ModelArtifact { Id = ModelId.Of("net", $"3.{i}.0") }, 10, false, Start, Options);

        Assert.Equal(ModelRegistry.MostVersions, state.Versions.Length);
        Assert.NotNull(state.Find(Own));
        Assert.NotNull(state.Find(New));
        Assert.NotNull(state.Find(ModelId.Of("net", "3.299.0")));
        Assert.Equal(ModelRegistry.MostEvents, state.Audit.Length);
    }

    [Fact]
    public void Promote_ByHand_EndsTheTrialAndKeepsTheChallengerWaiting()
    {
        var (state, refusal) = ModelRegistry.Promote(WithChallenger(), Other, "why not", 1, Start, Options);

        Assert.Null(refusal);
        Assert.Equal((Other, Own, TrialPurpose.Probation), (state.Champion, state.Former, state.Trial!.Purpose));
        Assert.Equal(New, Assert.Single(state.Queue));
        Assert.Contains("is the champion already", ModelRegistry.Promote(state, Other, "", 1, Start, Options).Refusal, StringComparison.Ordinal);
        Assert.Contains("not registered", ModelRegistry.Promote(state, ModelId.Of("none", "1.0.0"), "", 1, Start, Options).Refusal, StringComparison.Ordinal);

        var (back, none) = ModelRegistry.RollBack(state, Own, "bad idea", Start);
        Assert.Equal((Own, null, null), (back.Champion, back.Trial, none));
        Assert.Contains("no predecessor", ModelRegistry.RollBack(back, Own, "again", Start).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Challenge_OfARejectedVersion_LetsItTryAgain()
    {
        var (state, _) = Run(WithChallenger(), 0, 400, gain: -0.05);
        (state, var refusal) = ModelRegistry.Challenge(state, New, Options);
        state = ModelRegistry.StartNext(state, 1000, After(60), Options);

        Assert.Null(refusal);
        Assert.Equal((2, New, 0.064), (state.Trial!.Id, state.Trial.Shadow, state.Trial.Share));
        Assert.Contains("in use", ModelRegistry.Challenge(state, New, Options).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Includes_OfManyServices_IsAboutTheShare()
    {
        var lineup = new ModelLineup { Revision = 1, Shadow = New, Share = 0.064 };
        Assert.InRange(Enumerable.Range(0, 10_000).Count(i => lineup.Includes($"main/shop/deployment/web{i}")), 540, 740);
        Assert.DoesNotContain(Enumerable.Range(0, 100), i => (lineup with { Shadow = null, Share = 1 }).Includes($"main/shop/deployment/web{i}"));
    }

    [Fact]
    public void Next_OfTrainings_CountsPastTheProgramsOwn()
    {
        var state = WithChallenger();
        Assert.Equal("other/1.0.0", ModelVersions.Next(state, "other").ToString());
        Assert.Equal("net/1.1.0", ModelVersions.Next(state, "net").ToString());
        Assert.Equal("fresh/1.0.0", ModelVersions.Next(state, "fresh").ToString());
    }
}
