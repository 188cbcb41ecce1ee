using System.Collections.Immutable;

namespace ControlPlane.Core.Forecasting.Models;

/// <summary>What can happen to the registry of models, as functions from state to state: versions come, trials run, champions change.</summary>
public static class ModelRegistry
{
    /// <summary>Most versions that are kept; the oldest that is not in use goes first.</summary>
    public const int MostVersions = 128;

    /// <summary>Most changes that are kept.</summary>
    public const int MostEvents = 200;

    /// <summary>
    /// Brings the program's own models up to its version. A champion or shadow that was the program's own is from now on the program's present version
    /// of it; a trial with such a model begins anew.
    /// </summary>
    /// <param name="state">The stored state.</param>
    /// <param name="builtIns">The program's own models, the default first.</param>
    /// <param name="time">Now.</param>
    public static ModelRegistryState Open(ModelRegistryState state, ImmutableArray<ModelId> builtIns, DateTimeOffset time)
    {
        foreach (var own in builtIns.Where(own => state.Find(own) is null))
        {
            state = state with { Versions = state.Versions.Add(new ModelRecord { Id = own, Status = ModelStatus.Available, RegisteredAt = time }) };
            state = state.Log(time, ModelEventKind.Registered, own, "part of the program");
        }
        var gone = state.Versions.Where(v => v.IsBuiltIn && !builtIns.Contains(v.Id)).Select(v => v.Id).ToArray();
        foreach (var old in gone) state = Supersede(state, old, builtIns.FirstOrDefault(own => own.Name == old.Name) ?? builtIns[0], time);
        return state.Champion is null ? SetChampion(state, builtIns[0]) with { Revision = state.Revision + 1 } : state;
    }

    /// <summary>Takes a version in.</summary>
    /// <param name="state">The state.</param>
    /// <param name="artifact">The version.</param>
    /// <param name="bytes">Length of its byte form, positive.</param>
    /// <param name="isChallenger">Whether it is to have a trial.</param>
    /// <param name="time">Now.</param>
    /// <param name="options">Bounds.</param>
    /// <returns>The state, and why the version was refused; null when it was taken.</returns>
    public static (ModelRegistryState State, string? Refusal) Register(
        ModelRegistryState state, ModelArtifact artifact, int bytes, bool isChallenger, DateTimeOffset time, PromotionOptions options)
    {
        if (state.Find(artifact.Id) is { } known)
            return (state, known.IsBuiltIn ? $"{artifact.Id} is part of the program" : $"{artifact.Id} is registered already; versions are not used twice");
        if (isChallenger && state.Queue.Length >= options.MostChallengers) return (state, $"{state.Queue.Length} challengers wait already");
        var record = new ModelRecord
        {
            Id = artifact.Id,
            Status = isChallenger ? ModelStatus.Challenger : ModelStatus.Available,
            RegisteredAt = time,
            ArtifactBytes = bytes,
            Training = artifact.Training,
            Parameters = artifact.Parameters,
            TrainingScores = artifact.Scores,
        };
        state = state with
        {
            Versions = Bounded(state.Versions).Add(record),
            Queue = isChallenger ? state.Queue.Add(artifact.Id) : state.Queue,
        };
        return (state.Log(time, ModelEventKind.Registered, artifact.Id, isChallenger ? "as a challenger" : "not as a challenger"), null);
    }

    /// <summary>Lets a known version that is not in use wait for a trial.</summary>
    /// <returns>The state, and why it was refused; null when it waits.</returns>
    public static (ModelRegistryState State, string? Refusal) Challenge(ModelRegistryState state, ModelId id, PromotionOptions options)
    {
        if (state.Find(id) is not { } record) return (state, $"{id} is not registered");
        if (record.Status is ModelStatus.Champion or ModelStatus.Former or ModelStatus.Challenger) return (state, $"{id} is in use: {record.Status}");
        if (state.Queue.Length >= options.MostChallengers) return (state, $"{state.Queue.Length} challengers wait already");
        state = state.Update(id, r => r with { Status = ModelStatus.Challenger });
        return (state with { Queue = state.Queue.Add(id) }, null);
    }

    /// <summary>Begins the trial of the next challenger when none runs.</summary>
    /// <param name="state">The state.</param>
    /// <param name="services">Number of services, for the share that runs the shadow.</param>
    /// <param name="time">Now.</param>
    /// <param name="options">Settings.</param>
    public static ModelRegistryState StartNext(ModelRegistryState state, int services, DateTimeOffset time, PromotionOptions options)
    {
        if (state.Trial is not null || state.Queue.IsEmpty) return state;
        var challenger = state.Queue[0];
        state = StartTrial(state with { Queue = state.Queue.RemoveAt(0) }, TrialPurpose.Challenge, challenger, Share(services, options), time);
        return state.Log(time, ModelEventKind.TrialStarted, challenger, $"in shadow of {state.Champion} on {state.Trial!.Share:P0} of the services");
    }

    /// <summary>Counts a report, once.</summary>
    public static (ModelRegistryState State, ReportOutcome Outcome) Count(ModelRegistryState state, ShadowReport report, DateTimeOffset time, PromotionOptions options)
    {
        if (state.Trial is not { } trial || trial.Id != report.Trial) return (state, ReportOutcome.Outdated);
        var (first, newest) = (BlockOf(trial.StartedAt, options.Block), BlockOf(time, options.Block));
        if (!report.Scores.IsPlausible || report.Block < first || report.Block > newest) return (state, ReportOutcome.Refused);
        var place = IndexOf(trial.Services, report.Workload);
        if (place < 0 && trial.Services.Length >= 2 * options.ShadowServices) return (state, ReportOutcome.Refused);
        if (place >= 0 && trial.Services[place].LastBlock >= report.Block) return (state, ReportOutcome.Repeated);
        var scores = report.Scores;
        var before = place < 0 ? new TrialService(report.Workload, 0, 0, 0) : trial.Services[place];
        var service = before with { LastBlock = report.Block, ChampionLoss = before.ChampionLoss + scores.ChampionLoss, ShadowLoss = before.ShadowLoss + scores.ShadowLoss };
        trial = trial with
        {
            Services = place < 0 ? trial.Services.Add(service) : trial.Services.SetItem(place, service),
            Blocks = Add(trial.Blocks, report.Block, scores.MeanDifference),
            Scores = trial.Scores.Add(scores),
        };
        state = state with { Trial = trial };
        state = state.Update(trial.Champion, r => r.Scored(scores.Outcomes, scores.ChampionLoss, scores.ChampionCovered));
        return (state.Update(trial.Shadow, r => r.Scored(scores.Outcomes, scores.ShadowLoss, scores.ShadowCovered)), ReportOutcome.Counted);
    }

    /// <summary>Takes the look that is due, if one is, and does what it asks for.</summary>
    public static ModelRegistryState Look(ModelRegistryState state, DateTimeOffset time, PromotionOptions options)
    {
        if (state.Trial is not { } trial || !PromotionTest.IsDue(trial, options)) return state;
        var (verdict, reason) = PromotionTest.Judge(trial, options);
        var isChallenge = trial.Purpose == TrialPurpose.Challenge;
        return verdict switch
        {
            TrialVerdict.Undecided => (state with { Trial = trial with { Looks = trial.Looks + 1 } }).Log(time, ModelEventKind.Looked, trial.Shadow, reason),
            TrialVerdict.ShadowBetter when isChallenge => Promote(state, trial.Shadow, reason, trial.Share, time),
            TrialVerdict.ShadowBetter => FallBack(state, trial.Shadow, reason, time),
            _ when isChallenge => Reject(state, ModelEventKind.Rejected, reason, time),
            _ => Confirm(state, reason, time),
        };
    }

    /// <summary>Makes a version the champion on an operator's word; the former one stays in shadow for a probation.</summary>
    /// <returns>The state, and why it was refused; null when it was done.</returns>
    public static (ModelRegistryState State, string? Refusal) Promote(
        ModelRegistryState state, ModelId id, string reason, int services, DateTimeOffset time, PromotionOptions options)
    {
        if (state.Find(id) is null) return (state, $"{id} is not registered");
        return state.Champion == id ? (state, $"{id} is the champion already") : (Promote(state, id, reason, Share(services, options), time), null);
    }

    /// <summary>Brings the former champion back on an operator's word, or the program's own model when there is none.</summary>
    /// <returns>The state, and why it was refused; null when it was done.</returns>
    public static (ModelRegistryState State, string? Refusal) RollBack(ModelRegistryState state, ModelId standard, string reason, DateTimeOffset time)
    {
        var target = state.Former ?? standard;
        return target == state.Champion ? (state, $"{target} is the champion and has no predecessor") : (FallBack(state, target, reason, time), null);
    }

    /// <summary>A model threw or gave values that are not finite: a shadow is dropped, a champion gives way to its predecessor at once.</summary>
    /// <param name="state">The state.</param>
    /// <param name="report">Names the model and what happened.</param>
    /// <param name="standard">The program's own model, for a champion without a predecessor.</param>
    /// <param name="time">Now.</param>
    public static (ModelRegistryState State, ReportOutcome Outcome) Fail(ModelRegistryState state, ShadowReport report, ModelId standard, DateTimeOffset time)
    {
        if (report.Failed is not { } failed) return (state, ReportOutcome.Refused);
        var reason = $"failed on {report.Workload}: {report.Failure}";
        if (state.Trial is { } trial && failed == trial.Shadow)
        {
            return trial.Purpose == TrialPurpose.Challenge
                ? (Reject(state, ModelEventKind.Failed, reason, time), ReportOutcome.Counted)
                : (Confirm(state.Log(time, ModelEventKind.Failed, failed, reason), $"{failed} cannot be compared any more", time), ReportOutcome.Counted);
        }
        var target = state.Former ?? standard;
        if (failed != state.Champion || target == failed) return (state, ReportOutcome.Outdated);
        return (FallBack(state.Log(time, ModelEventKind.Failed, failed, reason), target, reason, time), ReportOutcome.Counted);
    }

    /// <summary>Number of the block that a moment lies in; a moment on a border ends the block before it.</summary>
    public static long BlockOf(DateTimeOffset time, TimeSpan block) => (time.UtcTicks - 1) / block.Ticks;

    private static ModelRegistryState Promote(ModelRegistryState state, ModelId id, string reason, double share, DateTimeOffset time)
    {
        state = Stop(state, id);
        var former = state.Champion!;
        state = state.Update(former, r => r with { Status = ModelStatus.Former });
        state = SetChampion(state, id) with { Former = former };
        return StartTrial(state, TrialPurpose.Probation, former, share, time).Log(time, ModelEventKind.Promoted, id, reason);
    }

    private static ModelRegistryState FallBack(ModelRegistryState state, ModelId target, string reason, DateTimeOffset time)
    {
        var champion = state.Champion!;
        state = Stop(state, target);
        state = state.Update(champion, r => r with { Status = ModelStatus.RolledBack, LastReason = reason });
        state = SetChampion(state, target) with { Former = null, Revision = state.Revision + 1 };
        return state.Log(time, ModelEventKind.RolledBack, champion, reason);
    }

    private static ModelRegistryState Reject(ModelRegistryState state, ModelEventKind kind, string reason, DateTimeOffset time)
    {
        var loser = state.Trial!.Shadow;
        state = state.Update(loser, r => r with { Status = ModelStatus.Rejected, LastReason = reason });
        return (state with { Trial = null, Revision = state.Revision + 1 }).Log(time, kind, loser, reason);
    }

    private static ModelRegistryState Confirm(ModelRegistryState state, string reason, DateTimeOffset time)
    {
        state = state.Update(state.Trial!.Shadow, r => r with { Status = ModelStatus.Available });
        return (state with { Trial = null, Former = null, Revision = state.Revision + 1 }).Log(time, ModelEventKind.Confirmed, state.Champion!, reason);
    }

    /// <summary>Ends the trial that runs and takes a model out of the queue; a challenger that was in trial goes back to the queue's head.</summary>
    private static ModelRegistryState Stop(ModelRegistryState state, ModelId leaving)
    {
        var queue = state.Queue.Remove(leaving);
        if (state.Trial is { Purpose: TrialPurpose.Challenge } trial && trial.Shadow != leaving) queue = queue.Insert(0, trial.Shadow);
        if (state.Former is { } former && former != leaving) state = state.Update(former, r => r with { Status = ModelStatus.Available });
        return state with { Trial = null, Queue = queue, Former = null };
    }

    private static ModelRegistryState StartTrial(ModelRegistryState state, TrialPurpose purpose, ModelId shadow, double share, DateTimeOffset time) => state with
    {
        Revision = state.Revision + 1,
        Trials = state.Trials + 1,
        Trial = new ModelTrial { Id = state.Trials + 1, Purpose = purpose, Champion = state.Champion!, Shadow = shadow, StartedAt = time, Share = share },
    };

    private static ModelRegistryState SetChampion(ModelRegistryState state, ModelId id) =>
        (state with { Champion = id }).Update(id, r => r with { Status = ModelStatus.Champion, LastReason = null });

    /// <summary>A built-in version that the program does not bring any more gives its place to the one that it brings.</summary>
    private static ModelRegistryState Supersede(ModelRegistryState state, ModelId old, ModelId own, DateTimeOffset time)
    {
        var reason = $"the program brings {own} instead of {old}";
        var wasChampion = state.Champion == old;
        if (state.Trial is { } trial && (trial.Champion == old || trial.Shadow == old))
        {
            if (trial.Purpose == TrialPurpose.Challenge) state = state with { Queue = state.Queue.Insert(0, trial.Shadow) };
            state = state with { Trial = null, Revision = state.Revision + 1 };
        }
        var queue = state.Queue.Select(id => id == old ? own : id).Distinct().Where(id => id != state.Champion && !(wasChampion && id == own));
        state = state with { Queue = [.. queue], Former = state.Former == old ? null : state.Former };
        if (state.Find(old)!.Status is ModelStatus.Available && !wasChampion) return state;
        state = state.Update(old, r => r with { Status = ModelStatus.Available, LastReason = reason });
        if (state.Queue.Contains(own)) state = state.Update(own, r => r with { Status = ModelStatus.Challenger });
        if (!wasChampion) return state;
        state = SetChampion(state, own);
        return (state with { Revision = state.Revision + 1 }).Log(time, ModelEventKind.Promoted, own, reason);
    }

    private static double Share(int services, PromotionOptions options) => Math.Min(1, options.ShadowServices / (double)Math.Max(1, services));

    private static ImmutableArray<ModelRecord> Bounded(ImmutableArray<ModelRecord> versions)
    {
        if (versions.Length < MostVersions) return versions;
        var oldest = versions.FirstOrDefault(v => v.Status is ModelStatus.Rejected or ModelStatus.RolledBack or ModelStatus.Available);
        return oldest is null ? versions : versions.Remove(oldest);
    }

    private static int IndexOf(ImmutableArray<TrialService> services, string workload)
    {
        for (var i = 0; i < services.Length; i++)
            if (services[i].Workload == workload) return i;
        return -1;
    }

    private static ImmutableArray<TrialBlock> Add(ImmutableArray<TrialBlock> blocks, long index, double difference)
    {
        var place = blocks.Length;
        while (place > 0 && blocks[place - 1].Index > index) place--;
        if (place == 0 || blocks[place - 1].Index != index) return blocks.Insert(place, new TrialBlock(index, 1, difference));
        var block = blocks[place - 1];
        return blocks.SetItem(place - 1, block with { Services = block.Services + 1, Difference = block.Difference + difference });
    }
}
